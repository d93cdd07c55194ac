import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonBody } from './api-client.js';
import { expectStatus, type SignedInUser } from './factory.js';
import { type System, unique, until } from './index.js';

/** A folder of its own below the one that sources may use. */
export class DropFolder {
  readonly name = unique('folder');
  readonly path: string;

  constructor({ dataDirectory }: Pick<System, 'dataDirectory'>) {
    this.path = join(dataDirectory, 'drop', this.name);
  }

  /** As well-behaved programs do it: the file appears whole. */
  async put(key: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.path, key);
    await mkdir(dirname(path), { recursive: true });
    const draft = join(dirname(path), `.${unique('draft')}`);
    await writeFile(draft, content);
    await rename(draft, path);
  }

  remove(key: string): Promise<void> {
    return rm(join(this.path, key));
  }
}

/** Waits for the end of a task, whichever it is. */
export const finishedTask = (user: SignedInUser, taskId: string, timeoutMs?: number): Promise<JsonBody> =>
  until(
    `task ${taskId} to end`,
    async () => {
      const task = expectStatus(await user.api.get(`/tasks/${taskId}`), 200);
      return ['succeeded', 'failed', 'cancelled'].includes(task.status) && task;
    },
    timeoutMs,
  );

/** Pulls a source on demand. @returns its latest run once it is over, however it ended */
export async function pulled(user: SignedInUser, sourceId: string, timeoutMs?: number): Promise<JsonBody> {
  const { task } = expectStatus(await user.api.post(`/sources/${sourceId}/sync`), 202);
  await finishedTask(user, task.id, timeoutMs);
  const { results } = expectStatus(await user.api.get(`/sources/${sourceId}/runs`), 200);
  return results.find((run: JsonBody) => run.taskId === task.id);
}
