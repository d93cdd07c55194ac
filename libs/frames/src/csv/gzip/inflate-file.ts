import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Problem } from '@app/problems';
import { damagedArchive, InflationGuard, type InflationLimits } from './inflation-guard.js';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes what a gzip file holds to `target`, streamed.
 * @throws Problem payload_too_large beyond the limits, unprocessable for a damaged archive
 */
export async function inflateFile(
  path: string,
  target: string,
  limits: InflationLimits,
  signal: AbortSignal | undefined,
): Promise<void> {
  const guard = new InflationGuard(limits);
  const received = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      guard.received += piece.length;
      done(null, piece);
    },
  });
  const inflated = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      try {
        guard.take(piece.length);
        done(null, piece);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: CHUNK_BYTES }),
      received,
      createGunzip({ chunkSize: CHUNK_BYTES }),
      inflated,
      createWriteStream(target, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Problem || !isInflationError(error)) throw error;
    throw damagedArchive(error);
  }
}

/** zlib's own codes begin with Z_. */
export const isInflationError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
