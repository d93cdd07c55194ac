import type { Workspace } from './workspace.js';

/** The points whose labels a workspace holds. */
export interface LabelledPoints {
  n: number;
  /** The d values of a point. */
  pointOf: (index: number) => Float64Array;
  weightOf: (index: number) => number;
}

/**
 * Gives every cluster without points the point farthest from its own centroid, as scikit-learn does. Each such move
 * lowers the inertia.
 *
 * @returns whether a point was moved: not where there are fewer distinct points than clusters.
 */
export function fillEmptyClusters(
  { d, labels, centroids, sums, sizes: { view: sizes } }: Workspace,
  k: number,
  { n, pointOf, weightOf }: LabelledPoints,
): boolean {
  const distances = Float64Array.from({ length: n }, (_, index) => {
    const own = labels.view[index]! * d;
    return pointOf(index).reduce(
      (sum, value, column) => sum + (value - centroids.view[own + column]!) ** 2,
      0,
    );
  });
  let moved = false;
  for (let empty = 0; empty < k; empty += 1) {
    if (sizes[empty]! > 0) {
      continue;
    }
    let farthest = -1;
    for (let index = 0; index < n; index += 1) {
      const isFarther = distances[index]! > (farthest < 0 ? 0 : distances[farthest]!);
      if (isFarther && sizes[labels.view[index]!]! > weightOf(index)) {
        farthest = index;
      }
    }
    if (farthest < 0) {
      break;
    }
    const from = labels.view[farthest]!;
    const weight = weightOf(farthest);
    pointOf(farthest).forEach((value, column) => {
      sums.view[from * d + column]! -= weight * value;
      sums.view[empty * d + column] = weight * value;
    });
    sizes[from]! -= weight;
    sizes[empty] = weight;
    labels.view[farthest] = empty;
    distances[farthest] = 0;
    moved = true;
  }
  return moved;
}
