import type { PointSet } from './memory.js';
import type { Random } from './random.js';

/** Weights are multiples of this, so that sums of them are exact in every order. */
const WEIGHT_UNIT = 1 / 1024;

/**
 * Draws a weighted sample on which the inertia of any k centroids is nearly that on all points: a lightweight
 * coreset (Bachem, Lucic & Krause 2018, "Scalable k-means clustering via lightweight coresets"). A point is drawn
 * with half of its chance equal for all and half proportional to its squared distance from the mean – the few
 * shoppers far out, who decide where centroids go and whom an even sample misses, are always in – and weighs the
 * inverse. Drawn systematically (one random offset, then even steps), in one pass.
 *
 * @param values Memory as doubles; the points must have mean zero.
 * @param squares Sum of the squares of all values of `points`.
 * @param sample Where to put points and weights; its `n` is the most that is drawn and is set to what was.
 */
export function drawSample(
  values: Float64Array,
  d: number,
  points: PointSet,
  squares: number,
  sample: PointSet,
  random: Random,
): void {
  const { n } = points;
  const draws = sample.n;
  const evenly = squares > 0 ? 0.5 : 1;
  const offset = random.nextFraction();
  let passed = 0;
  let drawn = 0;
  for (let i = 0; i < n; i += 1) {
    const start = points.at / 8 + i * d;
    let square = 0;
    for (let at = start; at < start + d; at += 1) {
      square += values[at]! * values[at]!;
    }
    const expected = draws * (evenly / n + (squares > 0 ? (0.5 * square) / squares : 0));
    const before = Math.floor(passed + offset);
    passed += expected;
    const hits = Math.floor(passed + offset) - before;
    if (hits > 0 && drawn < draws) {
      values.copyWithin(sample.at / 8 + drawn * d, start, start + d);
      values[sample.weights / 8 + drawn] =
        Math.max(1, Math.round(hits / expected / WEIGHT_UNIT)) * WEIGHT_UNIT;
      drawn += 1;
    }
  }
  sample.n = drawn;
}
