import { kmeans } from '../kernel/index.js';
import { assign, type Clustering } from '../kmeans/assignment.js';
import { countDistinct, pick, type Points } from '../points.js';
import { bootstrapRows, createRandom, deriveSeed, sampleRows } from '../random.js';
import { adjustedRandIndex } from './adjusted-rand-index.js';

const RUNS = 5;
const STARTS = 2;
const MAX_POINTS = 5000;

/**
 * How far the clusters come back when the data varies: mean adjusted Rand index between the clustering and those of
 * bootstrap samples (drawn with replacement, at most 5,000 points), each carried over to the same points by nearest
 * centroid. 1 = always the same groups, 0 = no better than chance. Null where no sample had k distinct points.
 */
export async function stability(
  points: Points,
  clustering: Clustering,
  seed: number,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<number | null> {
  const { k } = clustering;
  const size = Math.min(points.count, MAX_POINTS);
  const judged = sampleRows(points.count, size, createRandom(deriveSeed(seed, k, RUNS)));
  const judgedPoints = pick(points, judged);
  const labels = Uint8Array.from(judged, (row) => clustering.labels[row] as number);
  const indices: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const runSeed = deriveSeed(seed, k, RUNS, run + 1);
    const sample = pick(points, bootstrapRows(points.count, size, createRandom(runSeed)));
    if (countDistinct(sample, k) < k) continue;
    const options = { seed: runSeed, starts: STARTS, threads: 0, ...(signal !== undefined && { signal }) };
    const { centroids } = await kmeans(sample.values, size, points.names.length, k, options);
    indices.push(adjustedRandIndex(labels, assign(judgedPoints, centroids)));
  }
  return indices.length === 0 ? null : indices.reduce((a, b) => a + b) / indices.length;
}
