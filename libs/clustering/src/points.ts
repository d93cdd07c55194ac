import { Problem } from '@app/problems';

/** `count` points with one value for each of `names`, row by row in `values` (length count × names.length). */
export interface Points {
  values: Float64Array;
  count: number;
  names: readonly string[];
}

/**
 * Points from one array a feature, all of equal length.
 * @throws Problem unprocessable where a value is NaN or infinite (naming the feature), or there is no value at all.
 */
export function pointsFromColumns(columns: readonly Float64Array[], names: readonly string[]): Points {
  const count = columns[0]?.length ?? 0;
  if (count === 0) throw new Problem('unprocessable', 'There is nothing to cluster.');
  const width = columns.length;
  const values = new Float64Array(count * width);
  columns.forEach((column, feature) => {
    if (column.length !== count) throw new RangeError('Every feature needs a value for every point.');
    for (let row = 0; row < count; row++) {
      const value = column[row] as number;
      if (!Number.isFinite(value)) throw notFinite(names[feature] ?? '', value, row);
      values[row * width + feature] = value;
    }
  });
  return { values, count, names };
}

const notFinite = (name: string, value: number, row: number): Problem =>
  new Problem(
    'unprocessable',
    `Feature ${name} is ${String(value)} at point ${row + 1}; it must be a number.`,
  );

/** Number of distinct points, counted no further than `limit`. O(count × limit × features). */
export function countDistinct({ values, count, names }: Points, limit: number): number {
  const width = names.length;
  const seen: number[] = [];
  const equal = (a: number, b: number): boolean => {
    for (let offset = 0; offset < width; offset++) {
      if (values[a + offset] !== values[b + offset]) return false;
    }
    return true;
  };
  for (let row = 0; row < count && seen.length < limit; row++) {
    const start = row * width;
    if (!seen.some((other) => equal(other, start))) seen.push(start);
  }
  return seen.length;
}

/** The points at `rows`, in that order. */
export function pick(points: Points, rows: Int32Array): Points {
  const width = points.names.length;
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, index) => {
    values.set(points.values.subarray(row * width, (row + 1) * width), index * width);
  });
  return { values, count: rows.length, names: points.names };
}
