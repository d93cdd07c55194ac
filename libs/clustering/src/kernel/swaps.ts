import { prepareRows } from './centroids.js';
import type { Optimum } from './descent.js';
import { type PointSet, tilesOf } from './memory.js';
import type { Random } from './random.js';
import { drawBest } from './seeding.js';
import type { Workspace } from './workspace.js';

/** Points drawn as places for the moved centroid, of which the best is taken. */
const PLACES = 4;
/** A swap must lower the inertia by more than this fraction to count. */
const LEAST_GAIN = 1e-6;

/**
 * Leaves a local optimum by swaps: the centroid whose loss would cost least is put where a new one would help
 * most, and the descent goes on from there; kept when the inertia has fallen. (A swap-based local search: Fränti &
 * Kivijärvi 2000, "Randomised local search algorithm for the clustering problem"; with the new place drawn as in
 * k-means++, Lattanzi & Sohler 2019.) One swap costs less than half of a new start and finds a better optimum far
 * more often.
 *
 * @param descend Descends on `set` from the given centroids.
 */
export function improveBySwaps(
  workspace: Workspace,
  set: PointSet,
  optimum: Optimum,
  attempts: number,
  random: Random,
  descend: (start: Float64Array) => Optimum,
): Optimum {
  const k = optimum.sizes.length;
  let best = optimum;
  const worthwhile = k > 1 ? attempts : 0;
  for (let attempt = 0; attempt < worthwhile && best.inertia > 0; attempt += 1) {
    const found = descend(swapOne(workspace, set, k, best.centroids, random));
    if (found.inertia < best.inertia * (1 - LEAST_GAIN)) {
      best = found;
    }
  }
  return best;
}

function swapOne(
  workspace: Workspace,
  set: PointSet,
  k: number,
  centroids: Float64Array,
  random: Random,
): Float64Array {
  const { passes, width, nearest, costs, d } = workspace;
  workspace.centroids.view.set(centroids);
  const prepared = prepareRows(workspace, k);
  costs.view.fill(0);
  let total = 0;
  workspace.inBlocks(tilesOf(set.n), (from, to) => {
    total += passes.addRemovalCosts(
      set.tiles,
      set.weights,
      from,
      to,
      width,
      prepared,
      k,
      nearest.at,
      costs.at,
    );
  });
  const place = workspace.pointOf(set, drawBest(workspace, set, PLACES, total, random).point);
  const home = nearestRow(centroids, place, k);
  let removed = -1;
  for (let row = 0; row < k; row += 1) {
    if (row !== home && (removed < 0 || costs.view[row]! < costs.view[removed]!)) {
      removed = row;
    }
  }
  const swapped = centroids.slice();
  swapped.set(place, removed * d);
  return swapped;
}

/** The row of k × d centroids nearest to a point. */
function nearestRow(centroids: Float64Array, point: Float64Array, k: number): number {
  const d = point.length;
  let nearest = 0;
  let least = Infinity;
  for (let row = 0; row < k; row += 1) {
    const squared = point.reduce(
      (sum, value, column) => sum + (value - centroids[row * d + column]!) ** 2,
      0,
    );
    if (squared < least) {
      least = squared;
      nearest = row;
    }
  }
  return nearest;
}
