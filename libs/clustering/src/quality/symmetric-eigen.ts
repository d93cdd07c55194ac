const MAX_SWEEPS = 100;

export interface Eigenvector {
  value: number;
  vector: Float64Array;
}

/**
 * Eigenvectors of a symmetric matrix (row by row, `width` × `width`) by falling eigenvalue: cyclic Jacobi rotations
 * (Golub & Van Loan, Matrix Computations, 8.5). Each vector's largest component is positive.
 */
export function symmetricEigenvectors(symmetric: Float64Array, width: number): Eigenvector[] {
  const matrix = symmetric.slice();
  // Row i of `vectors` is the i-th vector.
  const vectors = new Float64Array(width * width);
  for (let i = 0; i < width; i++) vectors[i * width + i] = 1;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) rotated = rotatePair(matrix, vectors, width, p, q) || rotated;
    }
    if (!rotated) break;
  }
  return Array.from({ length: width }, (_, i) => ({
    value: matrix[i * width + i] as number,
    vector: withPositiveSign(vectors.slice(i * width, (i + 1) * width)),
  })).sort((a, b) => b.value - a.value);
}

/** Makes element (p, q) zero; false where it was zero but for rounding. */
function rotatePair(
  matrix: Float64Array,
  vectors: Float64Array,
  width: number,
  p: number,
  q: number,
): boolean {
  const pp = matrix[p * width + p] as number;
  const qq = matrix[q * width + q] as number;
  const pq = matrix[p * width + q] as number;
  if (Math.abs(pq) <= Number.EPSILON * Math.sqrt(Math.abs(pp * qq))) return false;
  const theta = (qq - pp) / (2 * pq);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const rotate = (values: Float64Array, atP: number, atQ: number): void => {
    const a = values[atP] as number;
    const b = values[atQ] as number;
    values[atP] = cosine * a - sine * b;
    values[atQ] = sine * a + cosine * b;
  };
  for (let i = 0; i < width; i++) rotate(matrix, p * width + i, q * width + i);
  for (let i = 0; i < width; i++) rotate(matrix, i * width + p, i * width + q);
  for (let i = 0; i < width; i++) rotate(vectors, p * width + i, q * width + i);
  return true;
}

function withPositiveSign(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
