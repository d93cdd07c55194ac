import { kmeans as libraryKMeans } from 'ml-kmeans';
import { kmeans } from '../kernel/index.js';
import { assign, type Clustering, inertiaOf } from '../kmeans/assignment.js';
import { countDistinct, pick, type Points } from '../points.js';
import { bootstrapRows, createRandom, deriveSeed, sampleRows } from '../random.js';
import { adjustedRandIndex } from './adjusted-rand-index.js';

const RUNS = 5;
const STARTS = 2;
const MAX_POINTS = 5000;
/** Up to this many points ml-kmeans is good enough, and a second opinion; see decision 005. */
const LIBRARY_POINTS = 200;
const LIBRARY_STARTS = 5;

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
  const options = { starts: STARTS, threads: 0, ...(signal !== undefined && { signal }) };
  const indices: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const runSeed = deriveSeed(seed, k, RUNS, run + 1);
    const sample = pick(points, bootstrapRows(points.count, size, createRandom(runSeed)));
    if (countDistinct(sample, k) < k) continue;
    const centroids =
      size <= LIBRARY_POINTS
        ? centroidsByLibrary(sample, k, runSeed)
        : (await kmeans(sample.values, size, points.names.length, k, { ...options, seed: runSeed }))
            .centroids;
    indices.push(adjustedRandIndex(labels, assign(judgedPoints, centroids)));
  }
  return indices.length === 0 ? null : indices.reduce((a, b) => a + b) / indices.length;
}

/** The centroids of the best of a few runs of ml-kmeans. */
function centroidsByLibrary({ values, count, names }: Points, k: number, seed: number): Float64Array {
  const width = names.length;
  const rows = Array.from({ length: count }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width)),
  );
  const runs = Array.from({ length: LIBRARY_STARTS }, (_, start) => {
    const found = libraryKMeans(rows, k, { seed: deriveSeed(seed, start), initialization: 'kmeans++' });
    const centroids = Float64Array.from(found.centroids.flat());
    return {
      centroids,
      inertia: inertiaOf({ values, count, names }, Uint8Array.from(found.clusters), centroids),
    };
  });
  return runs.reduce((best, run) => (run.inertia < best.inertia ? run : best)).centroids;
}
