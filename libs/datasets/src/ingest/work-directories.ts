import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^(?<uploadId>[0-9a-f-]{36})-\d+$/;
/** One that is younger may belong to an attempt that has only just begun. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Private directories for the intermediate files of one attempt each. */
export class WorkDirectories {
  private readonly root: string;

  constructor(dataDirectory: string) {
    this.root = join(dataDirectory, 'work');
  }

  /** Makes an empty one, and removes those that killed attempts at the same upload left behind. */
  async create(uploadId: string, fence: number): Promise<string> {
    await mkdir(this.root, { recursive: true });
    for (const name of await readdir(this.root)) {
      if (name.startsWith(`${uploadId}-`)) {
        await rm(join(this.root, name), { recursive: true, force: true });
      }
    }
    const path = this.pathOf(uploadId, fence);
    await mkdir(path, { mode: 0o700 });
    return path;
  }

  async remove(uploadId: string, fence: number): Promise<void> {
    await rm(this.pathOf(uploadId, fence), { recursive: true, force: true });
  }

  /**
   * Removes what killed attempts left behind at uploads that nobody reads again.
   * @param beingRead says which of some uploads are being read
   * @returns how many directories
   */
  async sweep(beingRead: (uploadIds: string[]) => Promise<ReadonlySet<string>>): Promise<number> {
    await mkdir(this.root, { recursive: true });
    const found = (await readdir(this.root)).flatMap((name) => {
      const uploadId = NAME.exec(name)?.groups?.['uploadId'];
      return uploadId === undefined ? [] : [{ uploadId, path: join(this.root, name) }];
    });
    if (found.length === 0) return 0;
    const kept = await beingRead(found.map(({ uploadId }) => uploadId));
    let removed = 0;
    for (const { uploadId, path } of found) {
      const stats = await stat(path).catch(() => null);
      if (kept.has(uploadId) || stats === null || Date.now() - stats.mtimeMs < ABANDONED_AFTER_MS) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  }

  private pathOf(uploadId: string, fence: number): string {
    return join(this.root, `${uploadId}-${fence}`);
  }
}
