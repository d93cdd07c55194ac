import { type Clustering, clusterSizes, inertiaOf, meansOf, squaredDistance } from '../kmeans/assignment.js';
import type { Points } from '../points.js';

/**
 * Variance ratio criterion (Caliński & Harabasz 1974) as scikit-learn computes it: higher is better, 1 where the
 * clusters have no spread at all. Null where every point is a cluster of its own. `spread`: see {@link spreadOf}.
 */
export function calinskiHarabasz(
  { count }: Points,
  { k, inertia }: Clustering,
  spread: number,
): number | null {
  if (count <= k) return null;
  if (inertia === 0) return 1;
  return ((spread - inertia) * (count - k)) / (inertia * (k - 1));
}

/** Sum of squared distances of all points to their mean. */
export function spreadOf(points: Points): number {
  const together = new Uint8Array(points.count);
  return inertiaOf(points, together, meansOf(points, together, 1));
}

/**
 * Mean over the clusters of the worst (spread + spread) / distance of centroids (Davies & Bouldin 1979), as
 * scikit-learn computes it: lower is better, 0 where the clusters have no spread.
 */
export function daviesBouldin(points: Points, { k, labels, centroids }: Clustering): number {
  const width = points.names.length;
  const spreads = new Float64Array(k);
  labels.forEach((label, row) => {
    const distance = Math.sqrt(squaredDistance(points.values, row * width, centroids, label * width, width));
    spreads[label] = (spreads[label] as number) + distance;
  });
  clusterSizes(labels, k).forEach((size, label) => (spreads[label] = (spreads[label] as number) / size));
  let total = 0;
  for (let one = 0; one < k; one++) {
    let worst = 0;
    for (let other = 0; other < k; other++) {
      const distance = Math.sqrt(squaredDistance(centroids, one * width, centroids, other * width, width));
      if (distance > 0) {
        worst = Math.max(worst, ((spreads[one] as number) + (spreads[other] as number)) / distance);
      }
    }
    total += worst;
  }
  return total / k;
}
