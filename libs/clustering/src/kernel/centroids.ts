import type { Workspace } from './workspace.js';

/** Fills the place beside an odd centroid: farther from everything than any centroid. */
const FAR = Infinity;

/** Lays out the k centroids in single precision, row by row and in pairs, for the passes over tiles; returns where. */
export function prepareRows({ d, centroids, prepared, floats }: Workspace, k: number): number {
  const end = prepared / 4 + k * d;
  floats.set(centroids.view.subarray(0, k * d), prepared / 4);
  floats.fill(FAR, end, end + (k % 2) * d);
  return prepared;
}

/** Lays out one centre for the passes over tiles; returns where. */
export function prepareCentre({ prepared, floats }: Workspace, centre: Float64Array): number {
  floats.set(centre, prepared / 4);
  return prepared;
}

/** Lays out the k centroids column by column for the exact passes; returns the bytes of a column. */
export function prepareColumns({ d, centroids, prepared, doubles }: Workspace, k: number): number {
  const width = k + (k % 2);
  for (let column = 0; column < d; column += 1) {
    const start = prepared / 8 + column * width;
    for (let row = 0; row < k; row += 1) {
      doubles[start + row] = centroids.view[row * d + column]!;
    }
    if (width > k) {
      doubles[start + k] = FAR;
    }
  }
  return width * 8;
}

/** How far the centroids have moved. */
export interface Movement {
  /** Sum of the squared movements. */
  squared: number;
  /** Sum of the two greatest movements: by no more can the distances of a point from two centroids drift apart. */
  drift: number;
}

/** Moves the centroids to the means of their points. */
export function moveToMeans({ d, centroids, sums, sizes }: Workspace, k: number): Movement {
  let squared = 0;
  let greatest = 0;
  let second = 0;
  for (let row = 0; row < k; row += 1) {
    const size = sizes.view[row]!;
    if (size === 0) {
      continue; // Stays where it is: a sample may have fewer distinct points than clusters.
    }
    let own = 0;
    for (let at = row * d; at < row * d + d; at += 1) {
      const mean = sums.view[at]! / size;
      own += (mean - centroids.view[at]!) ** 2;
      centroids.view[at] = mean;
    }
    squared += own;
    const moved = Math.sqrt(own);
    second = Math.max(second, Math.min(moved, greatest));
    greatest = Math.max(greatest, moved);
  }
  return { squared, drift: greatest + second };
}
