import { prepareCentre } from './centroids.js';
import { type PointSet, tilesOf } from './memory.js';
import type { Random } from './random.js';
import type { Workspace } from './workspace.js';

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007, "k-means++: the advantages of careful seeding", and the greedy
 * variant of its section 6 that scikit-learn uses): each next centroid is the best of 2 + ⌊ln k⌋ points drawn with
 * probability proportional to the squared distance from the centroids so far.
 *
 * @returns k × d centroids, each a point of the set.
 */
export function seedCentroids(workspace: Workspace, set: PointSet, k: number, random: Random): Float64Array {
  const { passes, nearest, width, d } = workspace;
  const trials = 2 + Math.floor(Math.log(k));
  const centroids = new Float64Array(k * d);
  nearest.view.fill(Infinity, 0, tilesOf(set.n) * 4);
  let total = 0;
  for (let row = 0; row < k; row += 1) {
    const { point, potential } =
      row === 0 || total === 0
        ? measured(workspace, set, random.nextBelow(set.n))
        : drawBest(workspace, set, trials, total, random);
    const values = workspace.pointOf(set, point);
    const centre = prepareCentre(workspace, values);
    workspace.inBlocks(tilesOf(set.n), (from, to) => {
      passes.approach(set.tiles, from, to, width, centre, nearest.at);
    });
    centroids.set(values, row * d);
    total = potential;
  }
  return centroids;
}

interface Candidate {
  point: number;
  /** What the sum of `nearest` would be with the point as a further centre. */
  potential: number;
}

/**
 * Draws points with probability proportional to `nearest` (which sums to `total`) and returns the one that, made a
 * centroid, would lower that sum most.
 */
export function drawBest(
  workspace: Workspace,
  set: PointSet,
  trials: number,
  total: number,
  random: Random,
): Candidate {
  const { passes, nearest } = workspace;
  let best: Candidate = { point: -1, potential: Infinity };
  for (let trial = 0; trial < trials; trial += 1) {
    const goal = random.nextFraction() * total;
    const drawn = passes.locate(set.weights, nearest.at, tilesOf(set.n), goal);
    const candidate = measured(workspace, set, drawn);
    if (candidate.potential < best.potential) {
      best = candidate;
    }
  }
  return best;
}

function measured(workspace: Workspace, set: PointSet, point: number): Candidate {
  const { passes, nearest, width } = workspace;
  const centre = prepareCentre(workspace, workspace.pointOf(set, point));
  let potential = 0;
  workspace.inBlocks(tilesOf(set.n), (from, to) => {
    potential += passes.potential(set.tiles, set.weights, from, to, width, centre, nearest.at);
  });
  return { point, potential };
}
