import { availableParallelism } from 'node:os';
import { kmeansRange, type KMeansResult } from '../kernel/index.js';
import type { Clustering } from '../kmeans/assignment.js';
import type { Points } from '../points.js';
import { startHelper } from '../threads/helpers.js';
import { type KMeansShare, takeShare } from './k-means-share.js';

export interface KMeansRangeOptions {
  seed: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Share that is done, 0…1. */
  onProgress: (share: number) => void;
}

/** Below this many points one thread is done before another one has begun. */
const WORTH_A_HELPER = 1_000;
/** Beyond, threads of the kernel's own share one copy of the points, and each k is worth starting them. */
const ONE_K_A_THREAD = 50_000;

/** One clustering for each of `ks`, ascending. Byte-equal for equal points and seed, however many threads work. */
export async function clusteringsOf(
  points: Points,
  ks: readonly number[],
  options: KMeansRangeOptions,
): Promise<Clustering[]> {
  const results =
    points.count > ONE_K_A_THREAD
      ? await inKernelThreads(points, ks, options)
      : await inHelpers(points, ks, options);
  return results
    .sort((a, b) => a.k - b.k)
    .map(({ k, labels, centroids, inertia }) => ({
      k,
      labels: Uint8Array.from(labels),
      centroids,
      inertia,
    }));
}

function inKernelThreads(
  { values, count, names }: Points,
  ks: readonly number[],
  { seed, threads, signal, onProgress }: KMeansRangeOptions,
): Promise<KMeansResult[]> {
  const options = {
    seed,
    ...(threads !== undefined && { threads }),
    ...(signal !== undefined && { signal }),
  };
  return kmeansRange(values, count, names.length, ks, options, ({ done, total }) => onProgress(done / total));
}

async function inHelpers(
  points: Points,
  ks: readonly number[],
  { seed, threads = availableParallelism(), signal, onProgress }: KMeansRangeOptions,
): Promise<KMeansResult[]> {
  const share: KMeansShare = {
    points,
    ks: ks.toSorted((a, b) => b - a),
    seed,
    taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
  const others = points.count < WORTH_A_HELPER ? 0 : Math.min(threads, ks.length) - 1;
  const helpers = Array.from({ length: Math.max(others, 0) }, () => startHelper({ kind: 'k-means', share }));
  try {
    const results: KMeansResult[] = [];
    const add = (result: KMeansResult): void => {
      results.push(result);
      onProgress(Math.min(Atomics.load(share.taken, 0), ks.length) / ks.length);
    };
    await takeShare(share, add, signal);
    // A helper that is still starting has nothing left to do.
    if (results.length < ks.length) {
      results.push(...(await Promise.all(helpers.map(({ answer }) => answer))).flat());
    }
    onProgress(1);
    return results;
  } catch (error) {
    for (const { stop } of helpers) stop();
    throw error;
  }
}
