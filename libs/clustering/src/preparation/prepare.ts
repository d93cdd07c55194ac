import type { Points } from '../points.js';
import { quantileOfSorted } from './quantile.js';

export type Transform = 'log1p' | 'none';
export type Scaling = 'standard' | 'robust' | 'minmax' | 'none';

/** What was done to one feature: value → (transformed − centre) / scale. */
export interface PreparedFeature {
  name: string;
  transform: Transform;
  centre: number;
  /** 1 for a constant feature, which then is 0 everywhere and weighs nothing. */
  scale: number;
  constant: boolean;
}

export interface Prepared {
  points: Points;
  features: PreparedFeature[];
}

/**
 * Transforms and scales every feature. `log1p` = ln(1 + x) is applied to features without negative values, the
 * others keep their values. `standard`: mean and population standard deviation; `robust`: median and interquartile
 * range; `minmax`: minimum and range. Sums run in the order of the points.
 */
export function prepare(points: Points, transform: Transform, scaling: Scaling): Prepared {
  const { count, names } = points;
  const width = names.length;
  // Threads that cluster the points share them.
  const values = new Float64Array(new SharedArrayBuffer(points.values.byteLength));
  const features = names.map((name, feature) => {
    const column = new Float64Array(count);
    for (let row = 0; row < count; row++) column[row] = points.values[row * width + feature] as number;
    const applied = transform === 'log1p' && column.every((value) => value >= 0) ? 'log1p' : 'none';
    if (applied === 'log1p') column.forEach((value, row) => (column[row] = Math.log1p(value)));
    const { centre, scale, constant } = scaleOf(column, scaling);
    column.forEach((value, row) => (values[row * width + feature] = (value - centre) / scale));
    return { name, transform: applied, centre, scale, constant } satisfies PreparedFeature;
  });
  return { points: { values, count, names }, features };
}

interface Scale {
  centre: number;
  scale: number;
  constant: boolean;
}

function scaleOf(column: Float64Array, scaling: Scaling): Scale {
  const constant = column.every((value) => value === column[0]);
  // Exactly the value, as a mean of equal values may be off by a rounding.
  if (constant) return { centre: scaling === 'none' ? 0 : (column[0] ?? 0), scale: 1, constant };
  const [centre, scale] = SCALES[scaling](column);
  return { centre, scale: scale > 0 ? scale : 1, constant };
}

const SCALES: Record<Scaling, (column: Float64Array) => [centre: number, scale: number]> = {
  none: () => [0, 1],
  standard: (column) => {
    const mean = sum(column, (value) => value) / column.length;
    return [mean, Math.sqrt(sum(column, (value) => (value - mean) ** 2) / column.length)];
  },
  robust: (column) => {
    const sorted = column.toSorted();
    return [quantileOfSorted(sorted, 0.5), quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)];
  },
  minmax: (column) => {
    const min = column.reduce((a, b) => Math.min(a, b));
    return [min, column.reduce((a, b) => Math.max(a, b)) - min];
  },
};

function sum(column: Float64Array, term: (value: number) => number): number {
  let total = 0;
  for (const value of column) total += term(value);
  return total;
}
