import { measureGaps, transposeCentroids } from './centroids.js';
import type { PointSet, Workspace } from './memory.js';
import { fillEmptyClusters } from './repair.js';

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

/** The active list holds until the centroids have moved this many times as far as in the iteration that made it … */
const LIST_MARGIN = 4;
/** … and is made anew, shorter, when the centroids have slowed down by this factor. */
const LIST_SLOWDOWN = 4;
/** Most passes of exchanges after a descent; the first few do nearly all there is to do. */
const EXCHANGE_ROUNDS = 5;

/**
 * Lloyd's algorithm (Lloyd 1982: assign every point to its nearest centroid, move every centroid to the mean of
 * its points, repeat) with Hamerly's bounds (Hamerly 2010, "Making k-means even faster"): for each point an upper
 * bound u of the distance to its own centroid and a lower bound l of the distance to every other one. A centroid
 * that moves by δ changes a distance by at most δ (triangle inequality), so while u ≤ l the point stays, and none
 * of its distances need computing. The answer is that of plain Lloyd.
 *
 * Two refinements. Bounds are not updated point by point: `drifted[c]` adds up how far l − u of the points of
 * cluster c may have shrunk since the descent began, and a point's `slack` is l − u when last computed plus
 * `drifted` then, so that it stays while slack ≥ drifted. And the points that can fail this test while centroids
 * move by some margin more are listed once (`active`) and only they are visited, until the margin is used up:
 * iterations near convergence, which are most of them, touch few points.
 */
export class Descent {
  private readonly centroids: Float64Array;
  private readonly previous: Float64Array;
  private readonly drift: Float64Array;
  /** Length of the active list; −1 when it must be made anew. */
  private activeCount = -1;
  private stepWhenListed = 0;

  constructor(
    readonly workspace: Workspace,
    readonly points: PointSet,
    readonly k: number,
  ) {
    const { d } = workspace;
    this.centroids = workspace.centroids.view.subarray(0, k * d);
    this.previous = new Float64Array(k * d);
    this.drift = new Float64Array(k);
  }

  /** Lloyd's algorithm from `start` (k × d), then exchanges of single points. Throws Stopped. */
  run(start: Float64Array, options: DescentOptions): Optimum {
    const { iterations, converged } = this.lloyd(start, options);
    this.exchange();
    return this.outcome(iterations, converged);
  }

  /**
   * The same without tolerance and once more, until every point is nearest to the mean of its own cluster; leaves the
   * labels in the workspace. Throws Stopped.
   */
  finish(start: Float64Array, maxIterations: number): Optimum {
    const options = { movement: 0, maxIterations };
    const first = this.lloyd(start, options);
    this.exchange();
    const second = this.lloyd(this.centroids.slice(), options);
    this.settle();
    return this.outcome(first.iterations + second.iterations, second.converged);
  }

  private lloyd(
    start: Float64Array,
    { movement, maxIterations }: DescentOptions,
  ): Pick<Optimum, 'iterations' | 'converged'> {
    this.centroids.set(start);
    this.assign();
    let iterations = 0;
    let converged = false;
    while (!converged && iterations < maxIterations) {
      iterations += 1;
      const repaired = this.repairEmptyClusters();
      const moved = this.moveCentroids();
      this.boundDrift();
      const changed = this.reassign();
      converged = !repaired && (changed === 0 || moved <= movement);
    }
    return { iterations, converged };
  }

  /**
   * Exchanges of single points (Hartigan 1975; Telgarsky & Vattani 2010, "Hartigan's method: k-means clustering
   * without Voronoi"): unlike Lloyd's step they count in that both centroids follow the point, and so leave many
   * optima of Lloyd's that are none of theirs. This matters where clusters are small.
   */
  private exchange(): void {
    const { workspace, points, k } = this;
    const { passes, bytes, centroids, labels, lower, othersDrifted, sizes, shifted } = workspace;
    // The exchanges go on from the means; the last step has changed them.
    this.moveCentroids();
    this.boundDrift();
    shifted.view.fill(0);
    let moved = 1;
    for (let round = 0; round < EXCHANGE_ROUNDS && moved > 0; round += 1) {
      moved = 0;
      workspace.inBlocks(points.n, (from, to) => {
        moved += passes.exchange(
          points.at,
          points.weights,
          from,
          to,
          bytes,
          centroids.at,
          k,
          labels.at,
          lower.at,
          othersDrifted.at,
          sizes.at,
          shifted.at,
        );
      });
    }
  }

  /** Sets the centroids to the exact means of their clusters, free of the rounding of many small updates. */
  private settle(): void {
    const { workspace, points } = this;
    const { passes, sums, sizes, labels, bytes } = workspace;
    sums.view.fill(0);
    sizes.view.fill(0);
    workspace.inBlocks(points.n, (from, to) => {
      passes.addUp(points.at, points.weights, from, to, bytes, labels.at, sums.at, sizes.at);
    });
    this.moveCentroids();
  }

  private outcome(iterations: number, converged: boolean): Optimum {
    return {
      centroids: this.centroids.slice(),
      sizes: this.workspace.sizes.view.slice(0, this.k),
      inertia: this.inertia(),
      iterations,
      converged,
    };
  }

  private assign(): void {
    const { workspace, points } = this;
    const { passes, bytes, transposed, labels, lower, slack, sums, sizes } = workspace;
    const stride = transposeCentroids(workspace, this.k);
    sums.view.fill(0);
    sizes.view.fill(0);
    workspace.drifted.view.fill(0);
    workspace.othersDrifted.view.fill(0);
    this.activeCount = -1;
    workspace.inBlocks(points.n, (from, to) => {
      passes.assign(
        points.at,
        points.weights,
        from,
        to,
        bytes,
        transposed.at,
        stride,
        labels.at,
        lower.at,
        slack.at,
        sums.at,
        sizes.at,
      );
    });
  }

  /** Gives every cluster without points one; returns whether there was such a cluster. */
  private repairEmptyClusters(): boolean {
    if (!this.workspace.sizes.view.subarray(0, this.k).includes(0)) {
      return false;
    }
    this.inertia(); // Leaves in `nearest` how far the points are from their centroids.
    this.activeCount = -1;
    return fillEmptyClusters(this.workspace, this.points, this.k);
  }

  /** Moves the centroids to the means of their points; returns the sum of their squared movements. */
  private moveCentroids(): number {
    const { centroids, previous, drift, k } = this;
    const { d, sums, sizes } = this.workspace;
    previous.set(centroids);
    let movement = 0;
    for (let row = 0; row < k; row += 1) {
      const size = sizes.view[row]!;
      if (size === 0) {
        drift[row] = 0; // Stays where it is: a sample may have fewer distinct points than clusters.
        continue;
      }
      let squared = 0;
      for (let at = row * d; at < row * d + d; at += 1) {
        centroids[at] = sums.view[at]! / size;
        squared += (centroids[at]! - previous[at]!) ** 2;
      }
      drift[row] = Math.sqrt(squared);
      movement += squared;
    }
    return movement;
  }

  /** Carries the movement of the centroids over to the bounds. */
  private boundDrift(): void {
    const { drift, k } = this;
    const drifted = this.workspace.drifted.view;
    const limits = this.workspace.limits.view;
    let mover = 0;
    let second = 0;
    for (let row = 1; row < k; row += 1) {
      if (drift[row]! > drift[mover]!) {
        second = drift[mover]!;
        mover = row;
      } else if (drift[row]! > second) {
        second = drift[row]!;
      }
    }
    const step = drift[mover]!;
    let outdated = this.activeCount < 0 || step * LIST_SLOWDOWN < this.stepWhenListed;
    for (let row = 0; row < k; row += 1) {
      const others = row === mover ? second : step;
      this.workspace.othersDrifted.view[row]! += others;
      drifted[row]! += others + drift[row]!;
      outdated ||= drifted[row]! > limits[row]!;
    }
    if (outdated) {
      this.activeCount = -1;
      this.stepWhenListed = step;
      for (let row = 0; row < k; row += 1) {
        limits[row] = drifted[row]! + LIST_MARGIN * 2 * step;
      }
    }
    measureGaps(this.workspace, k);
  }

  /** Returns how many points changed cluster. */
  private reassign(): number {
    const { workspace, points } = this;
    const { passes, bytes, centroids, transposed, labels, lower, slack, sums, sizes } = workspace;
    const { active, failing, drifted, othersDrifted, gaps, limits } = workspace;
    const stride = transposeCentroids(workspace, this.k);
    if (this.activeCount < 0) {
      let listed = 0;
      workspace.inBlocks(points.n, (from, to) => {
        listed = passes.listActive(from, to, labels.at, slack.at, limits.at, active.at, listed);
      });
      this.activeCount = listed;
    }
    let changed = 0;
    workspace.inBlocks(this.activeCount, (from, to) => {
      changed += passes.reassign(
        points.at,
        points.weights,
        from,
        to,
        active.at,
        failing.at,
        bytes,
        centroids.at,
        transposed.at,
        stride,
        labels.at,
        lower.at,
        slack.at,
        drifted.at,
        othersDrifted.at,
        gaps.at,
        sums.at,
        sizes.at,
      );
    });
    return changed;
  }

  private inertia(): number {
    const { workspace, points } = this;
    const { passes, bytes, centroids, labels, nearest } = workspace;
    let sum = 0;
    workspace.inBlocks(points.n, (from, to) => {
      sum += passes.ownDistances(
        points.at,
        points.weights,
        from,
        to,
        bytes,
        centroids.at,
        labels.at,
        nearest.at,
      );
    });
    return sum;
  }
}
