import type { Workspace } from './memory.js';

/** Fills the odd cluster's place in a transposed pair: farther from everything than any centroid. */
const PADDING = 1e300;

/** Lines up the k centroids for the passes that compare a point with all of them; returns their stride in bytes. */
export function transposeCentroids({ d, centroids, transposed }: Workspace, k: number): number {
  const width = k + (k % 2);
  for (let column = 0; column < d; column += 1) {
    for (let row = 0; row < k; row += 1) {
      transposed.view[column * width + row] = centroids.view[row * d + column]!;
    }
    if (width > k) {
      transposed.view[column * width + k] = PADDING;
    }
  }
  return width * 8;
}

/** Distance of every centroid from the nearest other one: a point nearer than half of it stays (Elkan 2003). */
export function measureGaps({ d, centroids: { view }, gaps }: Workspace, k: number): void {
  gaps.view.fill(Infinity);
  for (let row = 1; row < k; row += 1) {
    for (let other = 0; other < row; other += 1) {
      let squared = 0;
      for (let column = 0; column < d; column += 1) {
        squared += (view[row * d + column]! - view[other * d + column]!) ** 2;
      }
      const gap = Math.sqrt(squared);
      gaps.view[row] = Math.min(gaps.view[row]!, gap);
      gaps.view[other] = Math.min(gaps.view[other]!, gap);
    }
  }
}
