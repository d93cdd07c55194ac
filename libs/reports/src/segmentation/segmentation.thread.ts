import { parentPort, workerData } from 'node:worker_threads';
import type { ClusterPhase } from '@app/clustering';
import { Problem } from '@app/problems';
import { type SegmentationJob, type SegmentedShoppers, segmentShoppers } from './segment-shoppers.js';

/** What the thread tells: any number of steps, then one outcome or one problem. Other errors end the thread. */
export type ThreadMessage =
  | { kind: 'progress'; phase: ClusterPhase; share: number }
  | { kind: 'done'; outcome: SegmentedShoppers }
  | { kind: 'problem'; detail: string };

const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

try {
  const outcome = await segmentShoppers(workerData as SegmentationJob, {
    onProgress: (phase, share) => tell({ kind: 'progress', phase, share }),
  });
  tell({ kind: 'done', outcome });
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  tell({ kind: 'problem', detail: error.detail });
}
