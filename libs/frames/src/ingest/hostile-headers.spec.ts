import { assert, asyncProperty, integer } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileHeaders, quoted } from '../fixtures/hostile-headers.js';
import { TextReader } from '../fixtures/text-reader.js';

const SETS = 1000;
const SEED = Number(process.env['FORMAT_SEED'] ?? 1);
let reader: TextReader;
beforeAll(async () => {
  reader = await TextReader.create();
});
afterAll(() => reader.close());

const wellFormed = new TextEncoder();

it(`gives ${SETS} hostile header sets back byte for byte, each column under a name of its own (I7; seed ${SEED})`, async () => {
  const before = Object.getOwnPropertyNames(Object.prototype).toSorted();
  await assert(
    asyncProperty(hostileHeaders(), integer({ min: 1, max: 9 }), async (headers, value) => {
      const cells = headers.map((_, index) => `${value}-${index}`);
      const lines = [headers.map(quoted).join(','), cells.join(','), cells.join(',')];
      const read = await reader.read(Buffer.from(lines.join('\n')), { delimiter: ',', header: true });
      expect(read.headers.map((text) => wellFormed.encode(text))).toEqual(
        headers.map((text) => wellFormed.encode(text)),
      );
      expect(read.rows).toEqual([cells, cells]);
      expect(new Set(read.names).size).toBe(headers.length);
    }),
    { numRuns: SETS, seed: SEED },
  );
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before);
}, 120_000);
