/** In what a segment differs from everybody else, the most first. */
export interface Difference {
  feature: string;
  direction: 'higher' | 'lower';
  /** Mean of the segment less mean of the others, in standard deviations of all shoppers, on the scale compared. */
  difference: number;
  /** Means of the segment and of the others, in the feature's own unit. */
  mean: number;
  others: number;
}

/** A feature as shoppers are compared by it. */
export interface ComparedColumn {
  name: string;
  /** In its own unit. */
  raw: Float64Array;
  /** Logarithmic where the report is, divided by the population standard deviation; all 0 where constant. */
  scaled: Float64Array;
}

const MOST = 3;
const EXAMPLES = 5;

/**
 * The columns on the scale on which people and segments are compared: ln(1 + x) with `log1p` and no negative value,
 * so that one extreme spender does not hide all other differences, over the standard deviation.
 */
export function comparedColumns(
  columns: readonly Float64Array[],
  names: readonly string[],
  transform: 'log1p' | 'none',
): ComparedColumn[] {
  return columns.map((raw, index) => {
    const logarithmic = transform === 'log1p' && raw.every((value) => value >= 0);
    const scaled = logarithmic ? raw.map((value) => Math.log1p(value)) : Float64Array.from(raw);
    const mean = total(scaled) / scaled.length;
    let squares = 0;
    for (const value of scaled) squares += (value - mean) ** 2;
    const deviation = Math.sqrt(squares / scaled.length);
    const constant = raw.every((value) => value === raw[0]);
    return {
      name: names[index] ?? '',
      raw,
      scaled: scaled.map((value) => (constant ? 0 : value / deviation)),
    };
  });
}

/** The largest standardised differences of the shoppers in `rows` to all others; none where there are no others. */
export function differencesOf(columns: readonly ComparedColumn[], rows: Int32Array): Difference[] {
  const differences = columns.flatMap(({ name, raw, scaled }): Difference[] => {
    const difference = apart(scaled, rows);
    const { inside, outside } = means(raw, rows);
    if (!Number.isFinite(difference) || difference === 0) return [];
    const direction = difference > 0 ? 'higher' : 'lower';
    return [{ feature: name, direction, difference, mean: inside, others: outside }];
  });
  return differences.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, MOST);
}

/** The shoppers of `rows` nearest to their mean, the nearest first: what is typical of them. */
export function typicalRows(columns: readonly ComparedColumn[], rows: Int32Array): number[] {
  const centres = columns.map(({ scaled }) => means(scaled, rows).inside);
  const nearest: { row: number; distance: number }[] = [];
  for (const row of rows) {
    let distance = 0;
    columns.forEach(({ scaled }, index) => {
      distance += ((scaled[row] ?? 0) - (centres[index] ?? 0)) ** 2;
    });
    if (nearest.length === EXAMPLES && distance >= (nearest.at(-1)?.distance ?? 0)) continue;
    // Only a few are kept, so that inserting is cheap; of equally near ones the first stays first.
    const place = nearest.findIndex((other) => distance < other.distance);
    nearest.splice(place === -1 ? nearest.length : place, 0, { row, distance });
    nearest.length = Math.min(nearest.length, EXAMPLES);
  }
  return nearest.map(({ row }) => row);
}

const apart = (values: Float64Array, rows: Int32Array): number => {
  const { inside, outside } = means(values, rows);
  return inside - outside;
};

function means(values: Float64Array, rows: Int32Array): { inside: number; outside: number } {
  let sum = 0;
  for (const row of rows) sum += values[row] ?? 0;
  return { inside: sum / rows.length, outside: (total(values) - sum) / (values.length - rows.length) };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
