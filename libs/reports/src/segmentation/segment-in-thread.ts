import { Worker } from 'node:worker_threads';
import type { OnProgress } from '@app/clustering';
import { Problem } from '@app/problems';
import type { SegmentationJob, SegmentedShoppers } from './segment-shoppers.js';
import type { ThreadMessage } from './segmentation.thread.js';

export interface ThreadOptions {
  signal: AbortSignal;
  onProgress: OnProgress;
}

/**
 * Makes segments in a thread of its own, so that the process goes on answering.
 * @throws Problem unprocessable where the data cannot be clustered; the signal's reason once it is aborted
 */
export async function segmentInThread(
  job: SegmentationJob,
  { signal, onProgress }: ThreadOptions,
): Promise<SegmentedShoppers> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./segmentation.thread.js', import.meta.url), { workerData: job });
  const stop = (): void => void thread.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await new Promise<SegmentedShoppers>((resolve, reject) => {
      thread.on('message', (message: ThreadMessage) => {
        if (message.kind === 'progress') onProgress(message.phase, message.share);
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
