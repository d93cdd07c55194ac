// The pass that silhouettes spend their time in, in AssemblyScript with 128-bit SIMD (two doubles at a time; no relaxed
// SIMD, so every machine computes the same bits). Compiled by build.mjs into module.ts.

/**
 * Sets `firstSums` and `secondSums` (one double a cell) to the sums of the Euclidean distances from the points `first`
 * and `second` to the points of each cell.
 *
 * `columns`: one line of doubles a feature, `stride` bytes apart, the points of a cell side by side. `starts`: where each
 * cell begins, and after the last one the number of points, as i32. All pointers are byte offsets.
 */
export function distanceSums(
  columns: usize, stride: usize, features: i32, starts: usize, cells: i32,
  first: i32, second: i32, firstSums: usize, secondSums: usize,
): void {
  const end = columns + <usize>features * stride;
  const fromFirst = <usize>first << 3;
  const fromSecond = <usize>second << 3;
  let at = <usize>load<i32>(starts) << 3;
  for (let cell = 0; cell < cells; cell++) {
    const stop = <usize>load<i32>(starts + (<usize>(cell + 1) << 2)) << 3;
    let firstSum = f64x2.splat(0);
    let secondSum = f64x2.splat(0);
    for (; at + 8 < stop; at += 16) {
      let firstSquares = f64x2.splat(0);
      let secondSquares = f64x2.splat(0);
      for (let line = columns; line < end; line += stride) {
        const values = v128.load(line + at);
        const firstDifference = f64x2.sub(values, v128.load_splat<f64>(line + fromFirst));
        const secondDifference = f64x2.sub(values, v128.load_splat<f64>(line + fromSecond));
        firstSquares = f64x2.add(firstSquares, f64x2.mul(firstDifference, firstDifference));
        secondSquares = f64x2.add(secondSquares, f64x2.mul(secondDifference, secondDifference));
      }
      firstSum = f64x2.add(firstSum, f64x2.sqrt(firstSquares));
      secondSum = f64x2.add(secondSum, f64x2.sqrt(secondSquares));
    }
    let firstTotal = f64x2.extract_lane(firstSum, 0) + f64x2.extract_lane(firstSum, 1);
    let secondTotal = f64x2.extract_lane(secondSum, 0) + f64x2.extract_lane(secondSum, 1);
    if (at < stop) {
      let firstSquare: f64 = 0;
      let secondSquare: f64 = 0;
      for (let line = columns; line < end; line += stride) {
        const value = load<f64>(line + at);
        const firstDifference = value - load<f64>(line + fromFirst);
        const secondDifference = value - load<f64>(line + fromSecond);
        firstSquare += firstDifference * firstDifference;
        secondSquare += secondDifference * secondDifference;
      }
      firstTotal += Math.sqrt(firstSquare);
      secondTotal += Math.sqrt(secondSquare);
      at += 8;
    }
    store<f64>(firstSums + (<usize>cell << 3), firstTotal);
    store<f64>(secondSums + (<usize>cell << 3), secondTotal);
  }
}
