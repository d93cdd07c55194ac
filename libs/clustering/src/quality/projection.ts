import { meansOf } from '../kmeans/assignment.js';
import type { Points } from '../points.js';
import { symmetricEigenvectors } from './symmetric-eigen.js';

/**
 * The points in the plane of their two greatest principal components (x₀, y₀, x₁, y₁, …), for a picture. The sign of
 * a component is such that its largest loading is positive. One feature: y = 0.
 */
export function project(points: Points): Float64Array {
  const { values, count, names } = points;
  const width = names.length;
  const means = meansOf(points, new Uint8Array(count), 1);
  const [first, second] = symmetricEigenvectors(covariance(points, means), width);
  const plane = new Float64Array(2 * count);
  for (let row = 0; row < count; row++) {
    let x = 0;
    let y = 0;
    for (let feature = 0; feature < width; feature++) {
      const centred = (values[row * width + feature] as number) - (means[feature] as number);
      x += centred * (first?.vector[feature] ?? 0);
      y += centred * (second?.vector[feature] ?? 0);
    }
    plane[2 * row] = x;
    plane[2 * row + 1] = y;
  }
  return plane;
}

function covariance({ values, count, names }: Points, means: Float64Array): Float64Array {
  const width = names.length;
  const matrix = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) centred[i] = (values[row * width + i] as number) - (means[i] as number);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        const at = i * width + j;
        matrix[at] = (matrix[at] as number) + (centred[i] as number) * (centred[j] as number);
      }
    }
  }
  return matrix.map((total) => total / count);
}
