/** How a k-means run is carried out. Every default is what reports and benches use. */
export interface KMeansOptions {
  /** Whole number in [0, 2^32); equal seeds give byte-equal results whatever the number of threads. Default 0. */
  seed?: number;
  /** Independent starts per k, which further descents combine. Default: 128 below 500 points, 48 below
   * 3,000, 16 below 20,000, else 12. */
  starts?: number;
  /**
   * A descent ends when the squared movement of all centroids, summed, is at most this times the mean variance of the
   * columns (as in scikit-learn). The winner is always brought to full convergence.
   * Default 1e-4.
   */
  tolerance?: number;
  /** Bound on the Lloyd iterations of one descent. Default 10,000, which real data does not reach. */
  maxIterations?: number;
  /**
   * Worker threads; 0 computes in the calling thread, a short task a turn of its event loop. Default: one a
   * processor; 0 below 100,000 values × clusters, where threads take longer to start than the computation.
   */
  threads?: number;
  /** Aborting ends the computation with the signal's reason, within a second. */
  signal?: AbortSignal;
}

/** One finished clustering. */
export interface KMeansResult {
  /** Number of clusters. */
  k: number;
  /** k × d, row-major, in the units of the points. Ordered by falling cluster size. */
  centroids: Float64Array;
  /** Length n: the row of the nearest centroid. */
  labels: Int32Array;
  /** Sum of squared Euclidean distances of the points to their centroids, in squared units of the points. */
  inertia: number;
  /** Lloyd iterations of the winner on all points. */
  iterations: number;
  /** False only when `maxIterations` ended the winner's descent. */
  converged: boolean;
}

/** Called as work proceeds; `done` never falls and ends equal to `total`. */
export type KMeansProgress = (progress: { done: number; total: number }) => void;
