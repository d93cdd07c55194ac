import { parentPort, workerData } from 'node:worker_threads';
import { cluster, type ClusterOutcome, type ClusterRequest } from '@app/clustering';
import { Problem } from '@app/problems';

/** What the thread tells: any number of steps, then one outcome or one problem. Other errors end the thread. */
export type ThreadMessage =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'done'; outcome: ClusterOutcome }
  | { kind: 'problem'; detail: string };

const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

try {
  const outcome = cluster(workerData as ClusterRequest, (done, total) =>
    tell({ kind: 'progress', done, total }),
  );
  tell({ kind: 'done', outcome });
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  tell({ kind: 'problem', detail: error.detail });
}
