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

/** Fills the odd cluster's place in a transposed pair: farther from everything than any centroid. */
const PADDING = 1e300;
/** The active list holds until the centroids have moved this many times as far as in the iteration that made it … */
const LIST_MARGIN = 4;
/** … and is made anew, shorter, when the centroids have slowed down by this factor. */
const LIST_SLOWDOWN = 4;

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
  private readonly stride: number;
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
    this.stride = (k + (k % 2)) * 8;
  }

  /** Descends from `start` (k × d) to a local optimum of the inertia; leaves the labels in the workspace. Throws Stopped. */
  run(start: Float64Array, { movement, maxIterations }: DescentOptions): Optimum {
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
    return this.outcome(iterations, converged);
  }

  /**
   * Descends until no label changes, then sets the centroids to the exact means of their clusters, free of the
   * rounding of many small updates.
   */
  finish(start: Float64Array, maxIterations: number): Optimum {
    const { iterations, converged } = this.run(start, { movement: 0, maxIterations });
    const { workspace, points } = this;
    const { passes, sums, sizes, labels, bytes } = workspace;
    sums.view.fill(0);
    sizes.view.fill(0);
    workspace.inBlocks(points.n, (from, to) => {
      passes.addUp(points.at, points.weights, from, to, bytes, labels.at, sums.at, sizes.at);
    });
    this.moveCentroids();
    return this.outcome(iterations, converged);
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

  /** Lines up the centroids for the passes that compare a point with all of them; returns their stride in bytes. */
  transpose(): number {
    const { d, transposed } = this.workspace;
    const width = this.stride / 8;
    for (let column = 0; column < d; column += 1) {
      for (let row = 0; row < this.k; row += 1) {
        transposed.view[column * width + row] = this.centroids[row * d + column]!;
      }
      if (width > this.k) {
        transposed.view[column * width + this.k] = PADDING;
      }
    }
    return this.stride;
  }

  private assign(): void {
    const { workspace, points } = this;
    const { passes, bytes, transposed, labels, lower, slack, sums, sizes } = workspace;
    const stride = this.transpose();
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
    this.measureGaps();
  }

  /** Distance of every centroid from the nearest other one: a point nearer than half of it stays (Elkan 2003). */
  private measureGaps(): void {
    const { centroids, k } = this;
    const { d, gaps } = this.workspace;
    gaps.view.fill(Infinity);
    for (let row = 1; row < k; row += 1) {
      for (let other = 0; other < row; other += 1) {
        let squared = 0;
        for (let column = 0; column < d; column += 1) {
          squared += (centroids[row * d + column]! - centroids[other * d + column]!) ** 2;
        }
        const gap = Math.sqrt(squared);
        gaps.view[row] = Math.min(gaps.view[row]!, gap);
        gaps.view[other] = Math.min(gaps.view[other]!, gap);
      }
    }
  }

  /** Returns how many points changed cluster. */
  private reassign(): number {
    const { workspace, points } = this;
    const { passes, bytes, centroids, transposed, labels, lower, slack, sums, sizes } = workspace;
    const { active, drifted, othersDrifted, gaps, limits } = workspace;
    const stride = this.transpose();
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
