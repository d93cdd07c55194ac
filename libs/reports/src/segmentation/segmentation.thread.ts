import { parentPort } from 'node:worker_threads';
import type { ClusterPhase } from '@app/clustering';
import { Problem } from '@app/problems';
import {
  type Judgement,
  type SegmentationJob,
  type SegmentedShoppers,
  segmentShoppers,
} from './segment-shoppers.js';

/**
 * What the thread tells of a job: any number of steps, then the segments and how good they are, or one problem. Other
 * errors end the thread.
 */
export type ThreadMessage =
  | { kind: 'progress'; phase: ClusterPhase; share: number }
  | { kind: 'segmented'; segmented: SegmentedShoppers }
  | { kind: 'judged'; judgement: Judgement }
  | { kind: 'problem'; detail: string };

const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

parentPort?.on('message', (job: SegmentationJob) => void answer(job));

async function answer(job: SegmentationJob): Promise<void> {
  try {
    const { segmented, judge } = await segmentShoppers(job, {
      threads: job.threads,
      onProgress: (phase, share) => tell({ kind: 'progress', phase, share }),
    });
    tell({ kind: 'segmented', segmented });
    tell({ kind: 'judged', judgement: await judge() });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell({ kind: 'problem', detail: error.detail });
  }
}
