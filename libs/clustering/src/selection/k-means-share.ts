import { kmeans, type KMeansResult } from '../kernel/index.js';
import type { Points } from '../points.js';

/** k-means for several k, of which each thread takes the next until none is left. */
export interface KMeansShare {
  /** Over shared memory. */
  points: Points;
  /** Falling: the largest k takes longest. */
  ks: readonly number[];
  seed: number;
  /** How many of `ks` were taken; over shared memory. */
  taken: Int32Array;
}

/** Does one k after the other in the calling thread. The result of a k depends neither on the thread nor on the other k. */
export async function takeShare(
  { points, ks, seed, taken }: KMeansShare,
  onResult: (result: KMeansResult) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { values, count, names } = points;
  const options = { seed, threads: 0, ...(signal !== undefined && { signal }) };
  for (let k = ks[Atomics.add(taken, 0, 1)]; k !== undefined; k = ks[Atomics.add(taken, 0, 1)]) {
    onResult(await kmeans(values, count, names.length, k, options));
  }
}
