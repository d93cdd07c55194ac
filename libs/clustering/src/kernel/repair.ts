import type { PointSet, Workspace } from './memory.js';

/**
 * Gives every cluster without points the point farthest from its own centroid, as scikit-learn does; `nearest` must
 * hold the squared distances of the points from their centroids. Each such move lowers the inertia.
 *
 * @returns whether a point was moved: not where there are fewer distinct points than clusters.
 */
export function fillEmptyClusters(workspace: Workspace, { at, n, weights }: PointSet, k: number): boolean {
  const { d, labels, slack, lower, nearest, sums, values } = workspace;
  const sizes = workspace.sizes.view.subarray(0, k);
  const weightOf = (point: number): number => (weights === 0 ? 1 : values[weights / 8 + point]!);
  let moved = false;
  for (let empty = sizes.indexOf(0); empty >= 0; empty = sizes.indexOf(0, empty + 1)) {
    let farthest = -1;
    for (let i = 0; i < n; i += 1) {
      const isFarther = nearest.view[i]! > (farthest < 0 ? 0 : nearest.view[farthest]!);
      if (isFarther && sizes[labels.view[i]!]! > weightOf(i)) {
        farthest = i;
      }
    }
    if (farthest < 0) {
      break;
    }
    const from = labels.view[farthest]!;
    const weight = weightOf(farthest);
    for (let column = 0, value = at / 8 + farthest * d; column < d; column += 1, value += 1) {
      sums.view[from * d + column]! -= weight * values[value]!;
      sums.view[empty * d + column] = weight * values[value]!;
    }
    sizes[from]! -= weight;
    sizes[empty] = weight;
    labels.view[farthest] = empty;
    nearest.view[farthest] = 0;
    // No bounds are known for it any more.
    slack.view[farthest] = -Infinity;
    lower.view[farthest] = -Infinity;
    moved = true;
  }
  return moved;
}
