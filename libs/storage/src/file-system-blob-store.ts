import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failpoint } from '@app/failpoints';
import { notFound, Problem } from '@app/problems';
import { BlobStore, type StagedBlob, type StageOptions, type StoredBlob } from './blob-store.js';

const SHA256 = /^[0-9a-f]{64}$/;
const WRITE_BUFFER_BYTES = 1024 * 1024;
const RETRY_FULL_STORAGE_SECONDS = 60;
/** No upload takes this long, so an older temporary file was left by a killed process. */
export const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Blobs as files: `<root>/ab/cd/<sha256>`, temporary ones in `<root>/incoming`, on one file system.
 * A blob appears under its name only when all its bytes are on the disk: fsync, rename, fsync of the
 * directories (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
 */
export class FileSystemBlobStore extends BlobStore {
  private readonly incoming: string;

  constructor(private readonly root: string) {
    super();
    this.incoming = join(root, 'incoming');
  }

  /** Makes the directories and removes what killed processes left behind. */
  async prepare(): Promise<void> {
    await mkdir(this.incoming, { recursive: true });
    await this.sweepStaged();
  }

  async sweepStaged(): Promise<number> {
    return removeOlderFiles(this.incoming, ABANDONED_AFTER_MS);
  }

  async stage(source: Readable, options: StageOptions): Promise<StagedBlob> {
    const path = join(this.incoming, randomUUID());
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

  async commit(staged: StagedBlob): Promise<void> {
    const target = this.pathOf(staged.sha256);
    try {
      await synchronise(staged.path);
      failpoint('blob.synced');
      await mkdir(dirname(target), { recursive: true });
      await rename(staged.path, target);
      failpoint('blob.renamed');
      // The two levels above may be new as well.
      for (const directory of [dirname(target), dirname(dirname(target)), this.root]) {
        await synchronise(directory);
      }
    } catch (error) {
      if (isCode(error, 'ENOENT') && (await exists(target))) return;
      throw explained(error);
    }
  }

  async discard(staged: StagedBlob): Promise<void> {
    await rm(staged.path, { force: true });
  }

  async open(sha256: string): Promise<Readable> {
    return createReadStream(await this.localPath(sha256));
  }

  async localPath(sha256: string): Promise<string> {
    const path = this.pathOf(sha256);
    if (!(await exists(path))) throw notFound('file');
    return path;
  }

  async sizeOf(sha256: string): Promise<number | null> {
    return (await found(this.pathOf(sha256)))?.size ?? null;
  }

  async *list(): AsyncGenerator<StoredBlob> {
    for await (const { name, parentPath } of await opendir(this.root, { recursive: true })) {
      if (!SHA256.test(name)) continue;
      const stats = await found(join(parentPath, name));
      if (stats?.isFile()) yield { sha256: name, sizeBytes: stats.size, modifiedAt: stats.mtime };
    }
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }

  async removeOlder(sha256: string, before: Date): Promise<boolean> {
    const stats = await found(this.pathOf(sha256));
    if (stats === null || stats.mtime >= before) return false;
    await this.remove(sha256);
    return true;
  }

  /** The name is also a path: only a hash may become one. */
  private pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new RangeError('A blob is named by 64 lower-case hex digits.');
    return join(this.root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
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

async function synchronise(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Null where there is nothing; a storage that does not answer is an error. */
async function found(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

const exists = async (path: string): Promise<boolean> => (await found(path)) !== null;

async function removeOlderFiles(directory: string, ageMs: number): Promise<number> {
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

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** A full disk is no fault of the caller, who may try again. */
function explained(error: unknown): unknown {
  return isCode(error, 'ENOSPC', 'EDQUOT')
    ? new Problem('unavailable', 'The storage is full.', {
        retryAfterSeconds: RETRY_FULL_STORAGE_SECONDS,
        cause: error,
      })
    : error;
}
