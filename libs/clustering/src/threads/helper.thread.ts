import { parentPort } from 'node:worker_threads';
import { Coefficients, type Plan } from '../quality/silhouette/coefficients.js';
import { type KMeansShare, takeShare } from '../selection/k-means-share.js';
import type { KMeansResult } from '../kernel/index.js';

/** Work that several threads do together: each takes the next piece until none is left. */
export type HelperJob =
  { kind: 'k-means'; share: KMeansShare } | { kind: 'silhouettes'; plan: Plan; worker: number };

/** What the pieces that this thread took came to, where they are not in shared memory. */
export type HelperAnswer = KMeansResult[];

parentPort?.on('message', (job: HelperJob) => void answer(job));

async function answer(job: HelperJob): Promise<void> {
  const results: HelperAnswer = [];
  if (job.kind === 'k-means') {
    await takeShare(job.share, (result) => results.push(result));
  } else {
    const work = new Coefficients(job.plan, job.worker);
    while (work.next());
  }
  parentPort?.postMessage(
    results,
    results.map(({ labels }) => labels.buffer as ArrayBuffer),
  );
}
