import { clusterSizes } from '../kmeans/assignment.js';
import { pick, type Points } from '../points.js';
import { createRandom, deriveSeed, sampleRows } from '../random.js';

export interface Labelling {
  k: number;
  labels: Uint8Array;
}

export interface SilhouetteOptions {
  seed: number;
  /** Up to this many points the coefficient is exact. */
  exactUpTo: number;
  /** Size of the seeded sample above that. */
  sampleSize: number;
}

export interface Silhouettes {
  /** Mean silhouette coefficient of each labelling, −1…1. */
  values: number[];
  /** Points that were sampled; null where all points count. */
  sampled: number | null;
}

/**
 * Mean silhouette coefficients (Rousseeuw 1987) of several labellings of the same points in one pass over the
 * distances, as scikit-learn's `silhouette_score` (Euclidean; a point alone in its cluster scores 0).
 * O(n² × (features + labellings)) for n = exact or sampled points.
 */
export function silhouettes(
  points: Points,
  labellings: readonly Labelling[],
  options: SilhouetteOptions,
): Silhouettes {
  if (points.count <= options.exactUpTo)
    return { values: exactSilhouettes(points, labellings), sampled: null };
  const random = createRandom(deriveSeed(options.seed, points.count));
  const rows = sampleRows(points.count, options.sampleSize, random);
  const sampledLabellings = labellings.map(({ k, labels }) => ({
    k,
    labels: Uint8Array.from(rows, (row) => labels[row] as number),
  }));
  return { values: exactSilhouettes(pick(points, rows), sampledLabellings), sampled: rows.length };
}

function exactSilhouettes(points: Points, labellings: readonly Labelling[]): number[] {
  const { count } = points;
  const distances = new Float64Array(count);
  const sums = labellings.map(({ k }) => new Float64Array(k));
  const sizes = labellings.map(({ k, labels }) => clusterSizes(labels, k));
  const totals = new Float64Array(labellings.length);
  for (let row = 0; row < count; row++) {
    distancesFrom(points, row, distances);
    labellings.forEach(({ labels }, index) => {
      const sum = sums[index] as Float64Array;
      addByLabel(distances, labels, sum);
      const own = labels[row] as number;
      totals[index] = (totals[index] as number) + coefficient(sum, sizes[index] as Int32Array, own);
    });
  }
  return Array.from(totals, (total) => total / count);
}

function distancesFrom({ values, count, names }: Points, row: number, distances: Float64Array): void {
  const width = names.length;
  const start = row * width;
  for (let other = 0, at = 0; other < count; other++) {
    let total = 0;
    for (let feature = 0; feature < width; feature++, at++) {
      const difference = (values[at] as number) - (values[start + feature] as number);
      total += difference * difference;
    }
    distances[other] = Math.sqrt(total);
  }
}

function addByLabel(distances: Float64Array, labels: Uint8Array, sums: Float64Array): void {
  sums.fill(0);
  for (let other = 0; other < distances.length; other++) {
    const label = labels[other] as number;
    sums[label] = (sums[label] as number) + (distances[other] as number);
  }
}

/** (b − a) / max(a, b): a = mean distance within the own cluster, b = to the nearest other cluster. */
function coefficient(sums: Float64Array, sizes: Int32Array, own: number): number {
  const ownSize = sizes[own] as number;
  if (ownSize <= 1) return 0;
  const within = (sums[own] as number) / (ownSize - 1);
  let nearest = Infinity;
  sums.forEach((sum, label) => {
    const size = sizes[label] as number;
    if (label !== own && size > 0) nearest = Math.min(nearest, sum / size);
  });
  const larger = Math.max(within, nearest);
  return Number.isFinite(larger) && larger > 0 ? (nearest - within) / larger : 0;
}
