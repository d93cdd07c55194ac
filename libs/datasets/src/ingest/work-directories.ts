import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

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

  private pathOf(uploadId: string, fence: number): string {
    return join(this.root, `${uploadId}-${fence}`);
  }
}
