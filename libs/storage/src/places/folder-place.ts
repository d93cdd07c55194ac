import { randomUUID } from 'node:crypto';
import { type BigIntStats, constants, createWriteStream, type Dirent } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, opendir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '@app/problems';
import { changedMeanwhile, ObjectPlace, type PlacedObject } from './object-place.js';

const isInside = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

/** A folder below a root. Links are not followed, so that nothing outside the root is read or written. */
export class FolderPlace extends ObjectPlace {
  constructor(
    private readonly root: string,
    private readonly directory: string,
  ) {
    super();
    if (!isInside(directory, root)) throw new RangeError('A folder lies below its root.');
  }

  async *list(): AsyncGenerator<PlacedObject> {
    const directory = await this.real();
    const waiting = [directory];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      for await (const entry of await opened(folder)) {
        const path = join(folder, entry.name);
        // Whoever writes a file slowly gives it such a name until it is whole.
        if (entry.name.startsWith('.')) continue;
        if (entry.isDirectory()) waiting.push(path);
        if (!entry.isFile()) continue;
        const stats = await found(path);
        if (stats === null) continue;
        yield {
          key: relative(directory, path).split(sep).join('/'),
          etag: etagOf(stats),
          sizeBytes: Number(stats.size),
          modifiedAt: stats.mtime,
        };
      }
    }
  }

  async open({ key, etag }: PlacedObject): Promise<Readable> {
    const path = join(await this.real(), key);
    if (!isInside(await realpath(dirname(path)).catch(() => ''), await this.real()))
      throw changedMeanwhile(key);
    let file: FileHandle;
    try {
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      throw isCode(error, 'ENOENT', 'ELOOP', 'ENOTDIR') ? changedMeanwhile(key) : error;
    }
    return Readable.from(unchanged(file, key, etag), { objectMode: false });
  }

  async put(key: string, content: Readable, signal?: AbortSignal): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const directory = await this.real();
    const path = join(directory, key);
    await mkdir(dirname(path), { recursive: true });
    if (!isInside(await realpath(dirname(path)), directory)) throw missing();
    const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
    try {
      await pipeline(content, createWriteStream(draft, { flags: 'wx', flush: true }), { signal });
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** The folder where it really is. @throws Problem unprocessable where that is not below the root */
  private async real(): Promise<string> {
    try {
      const [directory, root] = await Promise.all([realpath(this.directory), realpath(this.root)]);
      if (isInside(directory, root)) return directory;
    } catch (error) {
      if (!isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) throw error;
    }
    throw missing();
  }
}

const missing = (): Problem => new Problem('unprocessable', 'The folder is not there, or may not be read.');

async function opened(folder: string): Promise<AsyncIterable<Dirent>> {
  try {
    return await opendir(folder);
  } catch (error) {
    throw isCode(error, 'ENOENT', 'ENOTDIR', 'EACCES') ? missing() : error;
  }
}

async function found(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

const etagOf = ({ mtimeNs, size }: BigIntStats): string => `${mtimeNs.toString(36)}-${size.toString(36)}`;

async function* unchanged(file: FileHandle, key: string, etag: string): AsyncGenerator<Buffer> {
  const same = async (): Promise<void> => {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile() || etagOf(stats) !== etag) throw changedMeanwhile(key);
  };
  try {
    await same();
    yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>;
    await same();
  } finally {
    await file.close();
  }
}

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
