import { Problem } from '@app/problems';
import type { KMeansOptions, KMeansProgress, KMeansResult } from './types.js';

export async function kmeansRange(
  points: Float64Array,
  n: number,
  d: number,
  ks: readonly number[],
  options: KMeansOptions = {},
  onProgress?: KMeansProgress,
): Promise<KMeansResult[]> {
  throw new Problem('internal_error', `Not there yet: ${points.length} ${n} ${d} ${ks.length} ${Object.keys(options).length} ${typeof onProgress}`);
}

export async function kmeans(
  points: Float64Array,
  n: number,
  d: number,
  k: number,
  options: KMeansOptions = {},
): Promise<KMeansResult> {
  const [result] = await kmeansRange(points, n, d, [k], options);
  return result!;
}
