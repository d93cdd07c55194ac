import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HeadTap } from './head-tap.js';

const INFLATION = { maxUploadBytes: 30_000_000, maxInflateRatio: 10 };

/** What passes a tap in pieces of some bytes, and the tap. */
async function passed(bytes: Buffer, mayInflate: boolean, headBytes = 8, piece = 3) {
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
    bytes.subarray(index * piece, (index + 1) * piece),
  );
  const full: string[] = [];
  const tap = new HeadTap({ bytes: headBytes, inflation: INFLATION, mayInflate }, (head) =>
    full.push(head.toString()),
  );
  return { through: await buffer(Readable.from(pieces).pipe(tap)), tap, full };
}

describe('HeadTap', () => {
  it.each([
    ['plain', Buffer.from('a,b\n1,2\n3,4\n'), null],
    ['gzip', gzipSync('a,b\n1,2\n3,4\n'), 'gzip'],
  ])('passes %s bytes as they are and keeps the head of their text', async (_, bytes, compression) => {
    const { through, tap, full } = await passed(bytes, true);
    expect(through).toEqual(bytes);
    expect(tap.head.toString()).toBe('a,b\n1,2\n');
    expect(full).toEqual(['a,b\n1,2\n']);
    expect([tap.complete, tap.compression]).toEqual([false, compression]);
  });

  it.each([-1, 0, 1])('knows whether the head is all there is: %i beyond it', async (beyond) => {
    for (const encode of [(text: string) => Buffer.from(text), gzipSync]) {
      const { tap } = await passed(encode('x'.repeat(8 + beyond)), true);
      expect(tap.complete).toBe(beyond <= 0);
    }
  });

  it('looks into gzip only where it may', async () => {
    const { tap } = await passed(gzipSync('a,b\n'), false);
    expect(tap.compression).toBeNull();
    expect(tap.head.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });

  it.each([
    ['cut short', gzipSync('a,b\n1,2\n').subarray(0, -9), 'unprocessable'],
    ['damaged', Buffer.concat([gzipSync('a').subarray(0, 10), Buffer.from('no deflate')]), 'unprocessable'],
    ['a bomb', gzipSync(Buffer.alloc(20_000_000)), 'payload_too_large'],
    ['too large', gzipSync(Buffer.alloc(31_000_000)), 'payload_too_large'],
  ])('fails for an archive that is %s', async (_, bytes, code) => {
    await expect(passed(bytes, true, 8, 1000)).rejects.toMatchObject({ code });
  });
});
