import { kmeans as lloyd } from 'ml-kmeans';
import { countDistinct, pick, type Points } from '../points.js';
import { createRandom, deriveSeed, sampleRows } from '../random.js';
import { assign, type Clustering, clusterSizes, inertiaOf, meansOf, squaredDistance } from './assignment.js';

export interface StartOptions {
  seed: number;
  /** Independent k-means++ starts; the one of least inertia wins. */
  starts: number;
}

/** Squared movement of a centroid, relative to the mean variance of the features, that counts as rest. */
const RELATIVE_TOLERANCE = 1e-6;
const MAX_ITERATIONS = 300;
/** Above this many points the starts compete on a sample of that size and the winner is refined on all points. */
export const STARTS_SAMPLE = 20_000;

/**
 * k-means by ml-kmeans (k-means++ seeding after Arthur & Vassilvitskii 2007, Lloyd iterations) with seeded restarts.
 * Every cluster has at least one point. Deterministic for the same points in the same order and the same options.
 * Precondition: at least k distinct points, 2 ≤ k ≤ 255.
 */
export function kMeans(points: Points, k: number, options: StartOptions): Clustering {
  const competing = startsSample(points, k, options.seed);
  const rows = toRows(competing);
  const tolerance = RELATIVE_TOLERANCE * meanVariance(competing);
  let best: Clustering | undefined;
  for (let start = 0; start < options.starts; start++) {
    const seed = deriveSeed(options.seed, k, start);
    const found = lloyd(rows, k, { seed, tolerance, maxIterations: MAX_ITERATIONS });
    const clustering = settle(competing, rows, found.centroids, tolerance);
    if (best === undefined || clustering.inertia < best.inertia) best = clustering;
  }
  if (best === undefined) throw new RangeError('k-means needs at least one start.');
  if (competing === points) return best;
  const all = toRows(points);
  return settle(
    points,
    all,
    refine(all, toRows({ ...points, values: best.centroids, count: k }), tolerance),
    tolerance,
  );
}

/** The points themselves, or a sample of them that has enough distinct ones. */
function startsSample(points: Points, k: number, seed: number): Points {
  if (points.count <= STARTS_SAMPLE) return points;
  const sample = pick(points, sampleRows(points.count, STARTS_SAMPLE, createRandom(deriveSeed(seed, k))));
  return countDistinct(sample, k + 1) > k ? sample : points;
}

const refine = (rows: number[][], centroids: number[][], tolerance: number): number[][] =>
  lloyd(rows, centroids.length, { initialization: centroids, tolerance, maxIterations: MAX_ITERATIONS })
    .centroids;

/**
 * Labels by the nearest centroid, centroids as exact means. An empty cluster (ml-kmeans leaves it where it was) takes
 * over the point that lies farthest from its centroid; that lowers the inertia, so it ends.
 */
function settle(points: Points, rows: number[][], found: number[][], tolerance: number): Clustering {
  const k = found.length;
  let centroids = Float64Array.from(found.flat());
  for (;;) {
    const labels = assign(points, centroids);
    const empty = clusterSizes(labels, k).indexOf(0);
    if (empty === -1) {
      const means = meansOf(points, labels, k);
      return { k, labels, centroids: means, inertia: inertiaOf(points, labels, means) };
    }
    const width = points.names.length;
    const far = farthest(points, labels, centroids);
    centroids.set(points.values.subarray(far * width, (far + 1) * width), empty * width);
    const restart = toRows({ names: points.names, values: centroids, count: k });
    centroids = Float64Array.from(refine(rows, restart, tolerance).flat());
  }
}

function farthest({ values, names }: Points, labels: Uint8Array, centroids: Float64Array): number {
  const width = names.length;
  let farthest = 0;
  let greatest = -1;
  labels.forEach((label, row) => {
    const distance = squaredDistance(values, row * width, centroids, label * width, width);
    if (distance > greatest) {
      greatest = distance;
      farthest = row;
    }
  });
  return farthest;
}

function toRows({ values, count, names }: Points): number[][] {
  const width = names.length;
  return Array.from({ length: count }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width)),
  );
}

function meanVariance(points: Points): number {
  const together = new Uint8Array(points.count);
  const total = inertiaOf(points, together, meansOf(points, together, 1));
  return total / points.values.length;
}
