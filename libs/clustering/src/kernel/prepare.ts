import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Problem } from '@app/problems';

/** Rows handled between two turns of the event loop, so that it is never held up for long. */
const ROWS_PER_TURN = 100_000;

/** What leads from the units of the points to those of the computation and back: x → (x − mean) · scale. */
export interface Units {
  mean: Float64Array;
  /** A power of two, so that scaling rounds nothing. */
  scale: number;
  /** Sum of the squares of all values in the units of the computation. */
  squares: number;
}

/**
 * Copies the points, with each column's mean taken away (distances stay, rounding errors of large offsets go) and
 * scaled so that no value exceeds 1 and squares neither overflow nor vanish.
 *
 * @param rows Where to put them: room for n × d values.
 *
 * @throws Problem unprocessable for a value that is not a finite number, named by row and column (both from 0).
 */
export async function copyCentred(
  points: Float64Array,
  n: number,
  d: number,
  rows: Float64Array,
  signal?: AbortSignal,
): Promise<Units> {
  const share = 1 / n;
  const mean = new Float64Array(d);
  await inTurns(n, signal, (row) => {
    for (let column = 0; column < d; column += 1) {
      const value = points[row * d + column]!;
      if (!Number.isFinite(value)) {
        throw new Problem('unprocessable', `Row ${row}, column ${column} is ${value}, not a finite number.`);
      }
      mean[column]! += value * share;
    }
  });
  let farthest = 0;
  await inTurns(n, signal, (row) => {
    for (let column = 0; column < d; column += 1) {
      farthest = Math.max(farthest, Math.abs(points[row * d + column]! - mean[column]!));
    }
  });
  const scale = farthest > 0 ? 2 ** -Math.min(Math.max(Math.ceil(Math.log2(farthest)), -1000), 1000) : 1;
  let squares = 0;
  await inTurns(n, signal, (row) => {
    for (let column = 0; column < d; column += 1) {
      const value = (points[row * d + column]! - mean[column]!) * scale;
      rows[row * d + column] = value;
      squares += value * value;
    }
  });
  return { mean, scale, squares };
}

/** Calls `each` for every row, and lets the event loop turn in between. Throws the signal's reason. */
export async function inTurns(
  n: number,
  signal: AbortSignal | undefined,
  each: (row: number) => void,
): Promise<void> {
  for (let from = 0; from < n; from += ROWS_PER_TURN) {
    if (from > 0) {
      await turnOfTheLoop();
      signal?.throwIfAborted();
    }
    const to = Math.min(from + ROWS_PER_TURN, n);
    for (let row = from; row < to; row += 1) {
      each(row);
    }
  }
}

/** How many distinct points there are; counts no further than `enough`. */
export function countDistinct(points: Float64Array, n: number, d: number, enough: number): number {
  const distinct: number[] = [];
  const equal = (left: number, right: number): boolean => {
    for (let column = 0; column < d; column += 1) {
      if (points[left * d + column] !== points[right * d + column]) {
        return false;
      }
    }
    return true;
  };
  for (let row = 0; row < n && distinct.length < enough; row += 1) {
    if (!distinct.some((other) => equal(row, other))) {
      distinct.push(row);
    }
  }
  return distinct.length;
}
