import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Dialect } from '../dialect.js';
import { isInflationError } from '../gzip/inflate-file.js';
import { damagedArchive, isGzip } from '../gzip/inflation-guard.js';
import { PREFLIGHT_BYTES } from './preflight.js';

/** The part of a local file that a preflight looks at; of a gzip file what it inflates to. */
export interface FileHead {
  head: Buffer;
  /** True where that is all there is. */
  complete: boolean;
  compression: Dialect['compression'];
}

/** @throws Problem unprocessable for a damaged archive */
export async function readHead(path: string): Promise<FileHead> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PREFLIGHT_BYTES), 0, PREFLIGHT_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (isGzip(head)) return { ...(await inflatedHead(file)), compression: 'gzip' };
    const { size } = await file.stat();
    return { head, complete: size <= head.length, compression: null };
  } finally {
    await file.close();
  }
}

async function inflatedHead(file: FileHandle): Promise<Pick<FileHead, 'head' | 'complete'>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const inflated = file.createReadStream({ start: 0, autoClose: false }).pipe(createGunzip());
  try {
    for await (const piece of inflated as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > PREFLIGHT_BYTES) break;
    }
  } catch (error) {
    throw isInflationError(error) ? damagedArchive(error) : error;
  }
  const head = Buffer.concat(pieces).subarray(0, PREFLIGHT_BYTES);
  return { head, complete: bytes <= PREFLIGHT_BYTES };
}
