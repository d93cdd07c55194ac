import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { failpoint } from '@app/failpoints';
import { notFound } from '@app/problems';
import { BlobStore, type StagedBlob, type StageOptions, type StoredBlob } from './blob-store.js';
import { explained, found, isCode, StagingArea } from './staging-area.js';

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Blobs as files: `<root>/ab/cd/<sha256>`, temporary ones in `<root>/incoming`, on one file system.
 * A blob appears under its name only when all its bytes are on the disk: fsync, rename, fsync of the
 * directories (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
 */
export class FileSystemBlobStore extends BlobStore {
  private readonly staging: StagingArea;

  constructor(private readonly root: string) {
    super();
    this.staging = new StagingArea(join(root, 'incoming'));
  }

  /** Makes the directories and removes what killed processes left behind. */
  async prepare(): Promise<void> {
    await this.staging.prepare();
  }

  sweepStaged(): Promise<number> {
    return this.staging.sweep();
  }

  stage(source: Readable, options: StageOptions): Promise<StagedBlob> {
    return this.staging.stage(source, options);
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

async function synchronise(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const exists = async (path: string): Promise<boolean> => (await found(path)) !== null;
