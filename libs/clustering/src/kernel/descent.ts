import { type Movement, moveToMeans, prepareColumns, prepareRows } from './centroids.js';
import { type PointSet, tilesOf } from './memory.js';
import { fillEmptyClusters } from './repair.js';
import type { Workspace } from './workspace.js';

/** Where a descent ended. */
export interface Optimum {
  /** k × d. */
  centroids: Float64Array;
  /** Weight of each cluster: how many points it has, unless they are a weighted sample. */
  sizes: Float64Array;
  inertia: number;
  iterations: number;
  /** False when `maxIterations` ended the descent. */
  converged: boolean;
}

export interface DescentOptions {
  /** The descent ends when the summed squared movement of the centroids is at most this; 0: when no label changes. */
  movement: number;
  maxIterations: number;
}

/** Bounds in single precision give way by this fraction, more than rounding can amount to. */
const ROUNDING = 1e-5;

/** How points come to the clusters of one workspace: the only step in which the search and the exact end differ. */
interface Assignment {
  /** Forgets all labels, sums and bounds. */
  begin(): void;
  /** Gives every point that the bounds do not hold back to its nearest centroid; returns how many changed cluster. */
  reassign(): number;
  /** Takes note that the centroids have moved. */
  loosen(movement: Movement): void;
  /** Gives every cluster without points one; returns whether there was such a cluster and a point for it. */
  repair(): boolean;
}

/**
 * Lloyd's algorithm (Lloyd 1982: assign every point to its nearest centroid, move every centroid to the mean of its points,
 * repeat) with the bounds of Hamerly (2010, "Making k-means even faster"): no distance changes by more than the centroid
 * moves (triangle inequality), so a point whose second nearest centroid is farther by some slack than its nearest stays
 * until the centroids have used that slack up, and until then none of its distances need computing. One number a
 * point suffices, as the movements of all centroids are added up together.
 */
function lloyd(
  workspace: Workspace,
  k: number,
  start: Float64Array,
  assignment: Assignment,
  { movement, maxIterations }: DescentOptions,
): Pick<Optimum, 'iterations' | 'converged'> {
  workspace.centroids.view.set(start);
  workspace.sums.view.fill(0);
  workspace.sizes.view.fill(0);
  assignment.begin();
  assignment.reassign();
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    iterations += 1;
    const repaired = workspace.sizes.view.subarray(0, k).includes(0) && assignment.repair();
    const moved = moveToMeans(workspace, k);
    assignment.loosen(moved);
    const changed = assignment.reassign();
    converged = !repaired && (changed === 0 || moved.squared <= movement);
  }
  return { iterations, converged };
}

/**
 * Descends from `start` (k × d) to a local optimum of a set's inertia in single precision, which serves to compare
 * optima. Throws Stopped.
 */
export function descend(
  workspace: Workspace,
  set: PointSet,
  k: number,
  start: Float64Array,
  options: DescentOptions,
): Optimum {
  const { d, passes, width, labels, slack, centroids, sums, sizes, former } = workspace;
  const tiles = tilesOf(set.n);
  let used = 0;
  const forgetBounds = (): void => {
    used = 0;
    slack.view.fill(-1, 0, tiles * 4);
  };
  const progress = lloyd(
    workspace,
    k,
    start,
    {
      begin: () => {
        labels.view.fill(-1, 0, tiles * 4);
        forgetBounds();
      },
      reassign: () => {
        const prepared = prepareRows(workspace, k);
        let changed = 0;
        workspace.inBlocks(tiles, (from, to) => {
          changed += passes.reassign(
            set.tiles,
            set.weights,
            from,
            to,
            width,
            prepared,
            k,
            labels.at,
            slack.at,
            used,
            sums.at,
            sizes.at,
            former,
          );
        });
        return changed;
      },
      loosen: ({ drift }) => {
        used += drift * (1 + ROUNDING);
      },
      repair: () => {
        forgetBounds();
        return fillEmptyClusters(workspace, k, {
          n: set.n,
          pointOf: (index) => workspace.pointOf(set, index),
          weightOf: (index) => workspace.floats[set.weights / 4 + index]!,
        });
      },
    },
    options,
  );
  // The last step may have changed clusters, and the inertia below is that of their means.
  moveToMeans(workspace, k);
  let between = 0;
  for (let row = 0; row < k; row += 1) {
    for (let at = row * d; at < row * d + d && sizes.view[row]! > 0; at += 1) {
      between += sums.view[at]! * centroids.view[at]!;
    }
  }
  return {
    centroids: centroids.view.slice(0, k * d),
    sizes: sizes.view.slice(0, k),
    // Sum of squares less what lies between the clusters (Huygens): no further pass over the points.
    inertia: Math.max(0, set.squares - between),
    ...progress,
  };
}

/**
 * Descends from `start` (k × d) on all points in double precision until no label changes; leaves the labels in the
 * workspace. The centroids are the exact means of their clusters, free of the rounding of many small updates. Throws Stopped.
 */
export function finish(workspace: Workspace, k: number, start: Float64Array, maxIterations: number): Optimum {
  const { passes, n, d, rows, rowBytes, prepared, labels, exactSlack, centroids, sums, sizes } = workspace;
  let used = 0;
  const progress = lloyd(
    workspace,
    k,
    start,
    {
      begin: () => {
        labels.view.fill(-1);
        exactSlack.view.fill(-1);
      },
      reassign: () => {
        const stride = prepareColumns(workspace, k);
        let changed = 0;
        workspace.inBlocks(n, (from, to) => {
          changed += passes.reassignExactly(
            rows,
            from,
            to,
            rowBytes,
            prepared,
            stride,
            labels.at,
            exactSlack.at,
            used,
            sums.at,
            sizes.at,
          );
        });
        return changed;
      },
      loosen: ({ drift }) => {
        used += drift;
      },
      repair: () => {
        used = 0;
        exactSlack.view.fill(-1);
        return fillEmptyClusters(workspace, k, {
          n,
          pointOf: (index) => workspace.rowOf(index),
          weightOf: () => 1,
        });
      },
    },
    { movement: 0, maxIterations },
  );
  sums.view.fill(0);
  sizes.view.fill(0);
  let inertia = 0;
  workspace.inBlocks(n, (from, to) => passes.addUp(rows, from, to, rowBytes, labels.at, sums.at, sizes.at));
  moveToMeans(workspace, k);
  workspace.inBlocks(n, (from, to) => {
    inertia += passes.inertia(rows, from, to, rowBytes, centroids.at, labels.at);
  });
  return {
    centroids: centroids.view.slice(0, k * d),
    sizes: sizes.view.slice(0, k),
    inertia,
    ...progress,
  };
}
