import type { PointSet, Workspace } from './memory.js';
import type { Random } from './random.js';

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007, "k-means++: the advantages of careful seeding", and the greedy
 * variant of its section 6 that scikit-learn uses): each next centroid is the best of 2 + ⌊ln k⌋ points drawn with
 * probability proportional to the squared distance from the centroids so far.
 *
 * @returns k × d centroids, each a point of the set.
 */
export function seedCentroids(
  workspace: Workspace,
  points: PointSet,
  k: number,
  random: Random,
): Float64Array {
  const { passes, bytes, nearest, centroids, d } = workspace;
  const trials = 2 + Math.floor(Math.log(k));
  const result = new Float64Array(k * d);
  nearest.view.fill(Infinity, 0, points.n);
  let total = 0;
  for (let row = 0; row < k; row += 1) {
    const chosen =
      row === 0 || total === 0
        ? random.nextBelow(points.n)
        : drawBest(workspace, points, trials, total, random).point;
    result.set(pointAt(workspace, points, chosen), row * d);
    centroids.view.set(pointAt(workspace, points, chosen));
    total = 0;
    workspace.inBlocks(points.n, (from, to) => {
      total += passes.approach(points.at, points.weights, from, to, bytes, centroids.at, nearest.at);
    });
  }
  return result;
}

/**
 * Draws points with probability proportional to `nearest` (which sums to `total`) and returns the one that, made a
 * centroid, would lower that sum most, with the sum it would leave.
 */
export function drawBest(
  workspace: Workspace,
  points: PointSet,
  trials: number,
  total: number,
  random: Random,
): { point: number; potential: number } {
  const { passes, bytes, nearest, pair, potentials } = workspace;
  let best = { point: -1, potential: Infinity };
  for (let trial = 0; trial < trials; trial += 2) {
    const drawn = [0, 1].map(() =>
      passes.locate(points.weights, nearest.at, points.n, random.nextFraction() * total),
    );
    drawn.forEach((point, lane) => {
      pointAt(workspace, points, point).forEach((value, column) => {
        pair.view[2 * column + lane] = value;
      });
    });
    potentials.view.fill(0);
    workspace.inBlocks(points.n, (from, to) => {
      passes.addPotentials(
        points.at,
        points.weights,
        from,
        to,
        bytes,
        pair.at,
        16,
        nearest.at,
        potentials.at,
      );
    });
    for (const [lane, point] of drawn.entries()) {
      if (potentials.view[lane]! < best.potential && trial + lane < trials) {
        best = { point, potential: potentials.view[lane]! };
      }
    }
  }
  return best;
}

/** The d values of one point. */
export function pointAt({ values, d }: Workspace, points: PointSet, index: number): Float64Array {
  const start = points.at / 8 + index * d;
  return values.subarray(start, start + d);
}
