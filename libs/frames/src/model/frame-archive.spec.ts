import { describe, expect, test } from 'vitest';
import { archivedFrame, readArchivedFrames } from './frame-archive.js';
import type { Frame } from './frame.schema.js';

const frame = (seq: number): Frame => ({
  _id: `owner:1:${seq}`,
  uploadId: 'owner',
  revision: 1,
  seq,
  firstRow: seq * 10,
  rows: 10,
  columns: [{ name: '__proto__', physical: 'c0', type: 'text', nulls: 0, min: 'ä', max: null }],
  codec: 'parquet/snappy',
  sha256: 'ab',
  data: Buffer.from(`data of ${seq}`),
});

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (bytes: Buffer, size: number): Promise<Frame[]> => {
  const frames: Frame[] = [];
  for await (const each of readArchivedFrames(pieces(bytes, size))) frames.push(each);
  return frames;
};

describe('an archive of frames', () => {
  const frames = [0, 1, 2].map(frame);
  const bytes = Buffer.concat(frames.map(archivedFrame));

  test.each([1, 3, 100, 10_000])('is read as it was written, in pieces of %i bytes', async (size) => {
    expect(await read(bytes, size)).toEqual(frames);
  });

  test('that is cut off is refused', async () => {
    await expect(read(bytes.subarray(0, -1), 50)).rejects.toThrow('cut off');
  });

  test('that is something else is refused', async () => {
    await expect(read(Buffer.from('PAR1 and so on'), 50)).rejects.toThrow('no file of frames');
  });
});
