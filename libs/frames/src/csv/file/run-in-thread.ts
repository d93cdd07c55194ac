import { Worker } from 'node:worker_threads';
import { type FileJob, type FileJobResults, runFileJob } from './file-job.js';
import type { FileJobMessage } from './file-job-thread.js';
import type { OnBytes } from './table-source.js';

/** Below this a pass takes less time than the start of a thread. */
export const INLINE_BYTES = 1024 * 1024;

export interface ThreadOptions {
  sizeBytes: number;
  signal?: AbortSignal | undefined;
  onBytes?: OnBytes | undefined;
}

/** A thread that waits for its next job: what it has compiled and the time of its start are then saved. */
let waiting: Worker | undefined;

/**
 * Runs a pass over a file in a worker thread of its own, so that the event loop stays free; small files
 * are read at once.
 * @throws the signal's reason where it is aborted
 */
export async function runInThread<K extends FileJob['kind']>(
  job: Extract<FileJob, { kind: K }>,
  { sizeBytes, signal, onBytes = () => {} }: ThreadOptions,
): Promise<FileJobResults[K]> {
  signal?.throwIfAborted();
  if (sizeBytes <= INLINE_BYTES) return runFileJob(job, onBytes) as FileJobResults[K];
  const thread = takeThread();
  // These threads only read and write files, so ending one in the middle is safe.
  const abort = (): void => void thread.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const result = await new Promise<FileJobResults[K]>((resolve, reject) => {
      thread.on('message', (message: FileJobMessage<K>) => {
        if ('result' in message) resolve(message.result);
        else onBytes(message.done);
      });
      thread.on('error', reject);
      thread.on('exit', (code) => {
        reject(
          signal?.aborted === true
            ? (signal.reason as Error)
            : new Error(`The ${job.kind} thread ended (${code}).`),
        );
      });
      thread.postMessage(job);
    });
    giveBack(thread);
    return result;
  } catch (error) {
    await thread.terminate();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function takeThread(): Worker {
  const thread = waiting ?? new Worker(new URL('./file-job-thread.js', import.meta.url));
  waiting = undefined;
  thread.removeAllListeners();
  thread.ref();
  return thread;
}

/** One is kept, and does not keep the process. */
function giveBack(thread: Worker): void {
  thread.removeAllListeners();
  if (waiting !== undefined) {
    void thread.terminate();
    return;
  }
  waiting = thread;
  thread.unref();
  const forget = (): void => {
    if (waiting === thread) waiting = undefined;
  };
  thread.once('error', forget).once('exit', forget);
}
