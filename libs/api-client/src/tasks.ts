import { ApiProblem } from './api-problem.js';
import type { ApiClient } from './api-client.js';
import type { Task } from './answers.js';
import { readEvents } from './events.js';

const PAUSE_MS = 1000;

/**
 * A task as it is now and after each change, until it is finished.
 * A stream that is cut is opened again; an aborted signal ends it without an error.
 * @throws ApiProblem where the task is not there or may not be seen
 */
export async function* followTask(
  api: ApiClient,
  taskId: string,
  signal?: AbortSignal,
): AsyncGenerator<Task> {
  const isWanted = () => signal?.aborted !== true;
  while (isWanted()) {
    for await (const task of stream(api, taskId, signal)) {
      yield task;
      if (task.finishedAt !== null) return;
    }
    await pause(signal);
  }
}

/** The task, once it is finished. */
export async function waitForTask(api: ApiClient, taskId: string, signal?: AbortSignal): Promise<Task> {
  let last: Task | undefined;
  for await (const task of followTask(api, taskId, signal)) last = task;
  if (last === undefined || last.finishedAt === null) throw new Error('Waiting for the task was given up.');
  return last;
}

async function* stream(api: ApiClient, taskId: string, signal?: AbortSignal): AsyncGenerator<Task> {
  try {
    const { response, error } = await api.GET('/api/v1/tasks/{taskId}/events', {
      params: { path: { taskId } },
      parseAs: 'stream',
      ...(signal !== undefined && { signal }),
    });
    if (!response.ok) throw new ApiProblem(response, error);
    if (response.body === null) return;
    for await (const { event, data } of readEvents(response.body)) {
      if (event === 'task') yield JSON.parse(data) as Task;
    }
  } catch (error) {
    // What the client did wrong stays wrong; everything else is a line that was cut.
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
  }
}

function pause(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE_MS);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
