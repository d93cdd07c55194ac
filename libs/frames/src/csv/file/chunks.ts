import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;

/** The bytes of a file from `start`, chunk after chunk in ONE buffer: a chunk is gone when the next is taken. */
export function* chunksOf(path: string, start = 0, end = Number.POSITIVE_INFINITY): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (let position = start; position < end;) {
      const read = readSync(file, buffer, 0, Math.min(CHUNK_BYTES, end - position), position);
      if (read === 0) return;
      position += read;
      yield buffer.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
