import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface FileFigures {
  sha256: string;
  bytes: number;
}

/** Lets bytes pass, counts and hashes them. */
export class HashTap extends Transform {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(piece);
    this.bytes += piece.length;
    done(null, piece);
  }

  figures(): FileFigures {
    return { sha256: this.hash.digest('hex'), bytes: this.bytes };
  }
}

/** Writes a new file for its owner alone, durably. @returns what stands in it */
export async function writeHashed(
  path: string,
  source: AsyncIterable<Uint8Array>,
  ...through: Transform[]
): Promise<FileFigures> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const tap = new HashTap();
  await pipeline([
    Readable.from(source),
    ...through,
    tap,
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  ]);
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return tap.figures();
}

export async function hashFile(path: string): Promise<FileFigures> {
  const tap = new HashTap();
  tap.resume();
  await pipeline(createReadStream(path), tap);
  return tap.figures();
}
