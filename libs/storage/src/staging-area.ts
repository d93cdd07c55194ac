import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, type Stats } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failpoint } from '@app/failpoints';
import { Problem } from '@app/problems';
import type { StagedBlob, StageOptions } from './blob-store.js';

const WRITE_BUFFER_BYTES = 1024 * 1024;
const RETRY_FULL_STORAGE_SECONDS = 60;
/** No upload takes this long, so an older temporary file was left by a killed process. */
export const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** A local folder in which bytes wait that are not yet kept. */
export class StagingArea {
  constructor(private readonly directory: string) {}

  /** Makes the folder and removes what killed processes left behind. */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await this.sweep();
  }

  /** @returns how many files it removed */
  async sweep(): Promise<number> {
    return removeOlderFiles(this.directory, ABANDONED_AFTER_MS);
  }

  /** As `BlobStore.stage` says. */
  async stage(source: Readable, options: StageOptions): Promise<StagedBlob> {
    const path = join(this.directory, randomUUID());
    const meter = new Meter(options);
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: WRITE_BUFFER_BYTES });
    try {
      await pipeline(source, meter, file);
    } catch (error) {
      // A source that fails early does so before the file is open; opening it still makes it.
      if (!file.closed) await new Promise<void>((closed) => file.once('close', closed));
      await rm(path, { force: true });
      throw explained(error);
    }
    failpoint('blob.staged');
    return { path, sizeBytes: meter.total, sha256: meter.digest() };
  }
}

/** Counts and hashes what passes; fails beyond the limit. */
class Meter extends Transform {
  total = 0;
  private readonly hash = createHash('sha256');

  constructor(private readonly limits: StageOptions) {
    super();
  }

  override _transform(
    piece: Buffer,
    _encoding: string,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    this.total += piece.length;
    if (this.total > this.limits.maxBytes) {
      done(
        new Problem(
          'payload_too_large',
          `The file is larger than the ${this.limits.maxBytes} bytes allowed.`,
        ),
      );
      return;
    }
    this.hash.update(piece);
    this.limits.onBytes?.(this.total);
    done(null, piece);
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}

/** Null where there is nothing; a storage that does not answer is an error. */
export async function found(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** @returns how many files it removed */
export async function removeOlderFiles(directory: string, ageMs: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const stats = await found(path);
    if (stats === null || Date.now() - stats.mtimeMs <= ageMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

export const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** A full disk is no fault of the caller, who may try again. */
export function explained(error: unknown): unknown {
  return isCode(error, 'ENOSPC', 'EDQUOT')
    ? new Problem('unavailable', 'The storage is full.', {
        retryAfterSeconds: RETRY_FULL_STORAGE_SECONDS,
        cause: error,
      })
    : error;
}
