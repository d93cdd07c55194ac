import type { Points } from '../points.js';

/** One grouping of points: labels 0…k−1, and the centroids as the means of their points, row by row. */
export interface Clustering {
  k: number;
  labels: Uint8Array;
  centroids: Float64Array;
  /** Sum of squared distances of the points to the mean of their cluster. */
  inertia: number;
}

/** The nearest centroid of each point; the first of equally near ones. */
export function assign({ values, count, names }: Points, centroids: Float64Array): Uint8Array {
  const width = names.length;
  const k = centroids.length / width;
  const labels = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const start = row * width;
    let nearest = 0;
    let best = Infinity;
    for (let cluster = 0; cluster < k; cluster++) {
      const distance = squaredDistance(values, start, centroids, cluster * width, width);
      if (distance < best) {
        best = distance;
        nearest = cluster;
      }
    }
    labels[row] = nearest;
  }
  return labels;
}

/** Points in each cluster. */
export function clusterSizes(labels: Uint8Array, k: number): Int32Array {
  const sizes = new Int32Array(k);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  return sizes;
}

/** Means of the labelled points, in the order of the points; a cluster without points has NaN. */
export function meansOf({ values, names }: Points, labels: Uint8Array, k: number): Float64Array {
  const width = names.length;
  const means = new Float64Array(k * width);
  labels.forEach((label, row) => {
    for (let feature = 0; feature < width; feature++) {
      const at = label * width + feature;
      means[at] = (means[at] as number) + (values[row * width + feature] as number);
    }
  });
  const sizes = clusterSizes(labels, k);
  return means.map((total, at) => total / (sizes[Math.floor(at / width)] as number));
}

/** Sum of squared distances of the points to the centroid of their label, in the order of the points. */
export function inertiaOf({ values, names }: Points, labels: Uint8Array, centroids: Float64Array): number {
  const width = names.length;
  let inertia = 0;
  labels.forEach((label, row) => {
    inertia += squaredDistance(values, row * width, centroids, label * width, width);
  });
  return inertia;
}

/** Squared Euclidean distance of `width` values from two places. */
export function squaredDistance(
  a: Float64Array,
  startA: number,
  b: Float64Array,
  startB: number,
  width: number,
): number {
  let total = 0;
  for (let offset = 0; offset < width; offset++) {
    const difference = (a[startA + offset] as number) - (b[startB + offset] as number);
    total += difference * difference;
  }
  return total;
}
