import { Worker } from 'node:worker_threads';
import type { ClusterOutcome, ClusterRequest } from '@app/clustering';
import { Problem } from '@app/problems';
import type { ThreadMessage } from './segmentation.thread.js';

export interface ThreadOptions {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Clusters in a thread of its own, so that the process goes on answering. Columns over shared memory are not copied.
 * @throws Problem unprocessable where the data cannot be clustered; the signal's reason once it is aborted
 */
export async function clusterInThread(
  request: ClusterRequest,
  { signal, onProgress }: ThreadOptions,
): Promise<ClusterOutcome> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./segmentation.thread.js', import.meta.url), { workerData: request });
  const stop = (): void => void thread.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<ClusterOutcome>((resolve, reject) => {
      thread.on('message', (message: ThreadMessage) => {
        if (message.kind === 'progress') onProgress(message.done, message.total);
        else if (message.kind === 'done') resolve(message.outcome);
        else reject(new Problem('unprocessable', message.detail));
      });
      thread.on('error', reject);
      thread.on('exit', () => {
        reject(signal.aborted ? signal.reason : new Error('The clustering thread ended without a result.'));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}
