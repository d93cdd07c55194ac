import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { uniqueName } from '../engine/unique-name.js';

export const sha256Of = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const SHA256 = /^[0-9a-f]{64}$/;
/** A file that was used so recently may be open in another process. */
const RECENT_MILLISECONDS = 60_000;
const TEMPORARY = /\.parquet\.t[0-9a-f]+$/;
/** No frame takes so long to be written. */
const ABANDONED_MILLISECONDS = 60 * 60_000;
/** Emptied to this share of the limit, so that not every new frame starts a round. */
const LOW_WATER = 0.9;

/**
 * Frames as local files, named by the hash of their bytes, shared by the processes on one data directory.
 * A file is written once and never changed; what is in use is never removed.
 */
export class FrameCache {
  private readonly verified = new Set<string>();
  private readonly filling = new Map<string, Promise<string>>();
  private readonly pinned = new Map<string, number>();
  private readonly touched = new Map<string, number>();
  private sizeBytes: number | undefined;
  private evicting: Promise<void> | undefined;

  constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  /**
   * Runs `work` with the local paths of frames, which stay until it ends.
   * @param load fetches the bytes of a frame that is not here
   * @throws Error where loaded bytes are not those the hash names
   */
  async use<T>(
    frames: readonly { sha256: string; load: () => Promise<Buffer> }[],
    work: (paths: string[]) => Promise<T>,
    parallel = 4,
  ): Promise<T> {
    for (const { sha256 } of frames) this.pinned.set(sha256, (this.pinned.get(sha256) ?? 0) + 1);
    try {
      const paths: string[] = [];
      let next = 0;
      const fetcher = async (): Promise<void> => {
        for (let at = next++; at < frames.length; at = next++) {
          const frame = frames[at];
          if (frame !== undefined) paths[at] = await this.path(frame.sha256, frame.load);
        }
      };
      await Promise.all(Array.from({ length: Math.min(parallel, frames.length) }, fetcher));
      return await work(paths);
    } finally {
      for (const { sha256 } of frames) {
        const left = (this.pinned.get(sha256) ?? 1) - 1;
        if (left === 0) this.pinned.delete(sha256);
        else this.pinned.set(sha256, left);
      }
    }
  }

  /** Takes over a file that holds exactly the bytes of this hash. */
  async adopt(path: string, sha256: string): Promise<void> {
    const target = this.fileOf(sha256);
    await mkdir(dirname(target), { recursive: true });
    await chmod(path, 0o400);
    const { size } = await stat(path);
    await rename(path, target);
    this.verified.add(sha256);
    this.added(size);
  }

  /** Forgets that files were there: the next use looks again. For when a query finds one gone. */
  forget(hashes: readonly string[]): void {
    for (const sha256 of hashes) this.verified.delete(sha256);
  }

  /** Removes what processes that were killed have half written. @returns how many files */
  async sweepTemporary(): Promise<number> {
    let removed = 0;
    for (const name of await readdir(this.directory, { recursive: true })) {
      if (!TEMPORARY.test(name)) continue;
      const path = join(this.directory, name);
      const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Infinity }))).mtimeMs;
      if (age < ABANDONED_MILLISECONDS) continue;
      await rm(path, { force: true });
      removed += 1;
    }
    return removed;
  }

  private fileOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new TypeError('A frame is named by its SHA-256.');
    return join(this.directory, sha256.slice(0, 2), sha256.slice(2, 4), `${sha256}.parquet`);
  }

  private path(sha256: string, load: () => Promise<Buffer>): string | Promise<string> {
    // No process removes what was used so recently: a look at each file would take longer than most of a question.
    if (this.verified.has(sha256) && this.isTouched(sha256)) return this.fileOf(sha256);
    let filling = this.filling.get(sha256);
    if (filling === undefined) {
      filling = this.fill(sha256, load).finally(() => this.filling.delete(sha256));
      this.filling.set(sha256, filling);
    }
    return filling;
  }

  private async fill(sha256: string, load: () => Promise<Buffer>): Promise<string> {
    const target = this.fileOf(sha256);
    if (await this.isHere(target, sha256)) {
      await this.touch(target, sha256);
      return target;
    }
    const data = await load();
    if (sha256Of(data) !== sha256) throw new Error(`The stored frame ${sha256} is damaged.`);
    await mkdir(dirname(target), { recursive: true });
    const temporary = `${target}.${uniqueName('t')}`;
    try {
      await writeFile(temporary, data, { mode: 0o400, flag: 'wx' });
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
    this.verified.add(sha256);
    this.added(data.length);
    return target;
  }

  /** A file is trusted by this process once its bytes were hashed here. */
  private async isHere(target: string, sha256: string): Promise<boolean> {
    try {
      if (this.verified.has(sha256)) {
        await access(target);
        return true;
      }
      if (sha256Of(await readFile(target)) === sha256) {
        this.verified.add(sha256);
        return true;
      }
      await rm(target, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    this.verified.delete(sha256);
    return false;
  }

  private async touch(target: string, sha256: string): Promise<void> {
    if (this.isTouched(sha256)) return;
    const now = Date.now();
    this.touched.set(sha256, now);
    await utimes(target, new Date(now), new Date(now)).catch(() => {});
  }

  private isTouched(sha256: string): boolean {
    return Date.now() - (this.touched.get(sha256) ?? 0) < RECENT_MILLISECONDS / 2;
  }

  private added(bytes: number): void {
    if (this.sizeBytes !== undefined) this.sizeBytes += bytes;
    if (this.sizeBytes === undefined || this.sizeBytes > this.maxBytes) {
      this.evicting ??= this.evict().finally(() => {
        this.evicting = undefined;
      });
    }
  }

  /** Removes the files used longest ago until the limit is met. Other processes' files count too. */
  private async evict(): Promise<void> {
    const files = await listFiles(this.directory);
    let total = files.reduce((sum, file) => sum + file.size, 0);
    this.sizeBytes = total;
    if (total <= this.maxBytes) return;
    const now = Date.now();
    for (const file of files.sort((left, right) => left.usedAt - right.usedAt)) {
      if (total <= this.maxBytes * LOW_WATER) break;
      if (this.pinned.has(file.sha256) || now - file.usedAt < RECENT_MILLISECONDS) continue;
      await rm(file.path, { force: true });
      this.verified.delete(file.sha256);
      this.touched.delete(file.sha256);
      total -= file.size;
    }
    this.sizeBytes = total;
  }
}

interface CachedFile {
  path: string;
  sha256: string;
  size: number;
  usedAt: number;
}

async function listFiles(directory: string): Promise<CachedFile[]> {
  const names = await readdir(directory, { recursive: true });
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.parquet'))
      .map(async (name): Promise<CachedFile | undefined> => {
        const path = join(directory, name);
        const found = await stat(path).catch(() => undefined);
        return found && { path, sha256: name.slice(-72, -8), size: found.size, usedAt: found.mtimeMs };
      }),
  );
  return files.filter((file) => file !== undefined);
}
