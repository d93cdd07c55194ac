import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { SAMPLE_BYTES, sampleOf, wholeLines } from './sample.js';

const LINE = 'a,1\n';
const large = LINE.repeat(SAMPLE_BYTES / LINE.length) + LINE;

it('takes a file of the largest sample as it is, and of a larger one whole lines', async () => {
  const whole = new File([large.slice(0, SAMPLE_BYTES)], 'sales.csv');
  expect(await sampleOf(whole)).toBe(whole);
  const cut = await sampleOf(new File([`x${large}`], 'sales.csv'));
  expect(await cut.text()).toBe(`x${large.slice(0, SAMPLE_BYTES - LINE.length)}`);
});

it('unpacks what is compressed', async () => {
  const noise = Array.from({ length: 400_000 }, (_, index) => `${index * 7919},${index}\n`).join('');
  const packed = new File([new Uint8Array(gzipSync(noise))], 'sales.csv.gz');
  expect(packed.size).toBeGreaterThan(SAMPLE_BYTES);
  const sample = await sampleOf(packed);
  const text = await sample.text();
  expect(sample.name).toBe('sales.csv');
  expect(text.endsWith('\n') && noise.startsWith(text)).toBe(true);
});

it('ends a sample where a line ends, however lines end', () => {
  expect(wholeLines(Buffer.from('a\r\nb\r\nc'))).toBe(6);
  expect(wholeLines(Buffer.from('a\rb\rc'))).toBe(4);
  expect(wholeLines(Buffer.from('abc'))).toBe(3);
  expect(wholeLines(Buffer.from('\uFEFFa\nb', 'utf16le'))).toBe(6);
});
