/** In what a segment differs from everybody else, the most first. */
export interface Difference {
  feature: string;
  direction: 'higher' | 'lower';
  /** `mean` less `others`, in population standard deviations of all shoppers. */
  difference: number;
  /** Means of the segment and of the others, in the feature's own unit. */
  mean: number;
  others: number;
}

/** A feature of all shoppers. */
export interface ComparedColumn {
  name: string;
  /** In its own unit. */
  raw: Float64Array;
  /** Population standard deviation; 0 where all are equal. */
  deviation: number;
  /** As shoppers are compared with each other: logarithmic where the report is, in standard deviations. */
  scaled: Float64Array;
}

const MOST = 3;
/** Below it a difference is small (Cohen 1988), and told only where there is no larger one. */
const NOTABLE = 0.2;
const EXAMPLES = 5;

/**
 * The columns with what is needed to compare. Scaled = ln(1 + x) with `log1p` and no negative value, so that one extreme
 * spender does not hide all other differences, over the standard deviation.
 */
export function comparedColumns(
  columns: readonly Float64Array[],
  names: readonly string[],
  transform: 'log1p' | 'none',
): ComparedColumn[] {
  return columns.map((raw, index) => {
    const logarithmic = transform === 'log1p' && raw.every((value) => value >= 0);
    const transformed = logarithmic ? raw.map((value) => Math.log1p(value)) : raw;
    const spread = deviationOf(transformed);
    const scaled = transformed.map((value) => (spread === 0 ? 0 : value / spread));
    return { name: names[index] ?? '', raw, deviation: deviationOf(raw), scaled };
  });
}

function deviationOf(values: Float64Array): number {
  // Exactly 0, as a mean of equal values may be off by a rounding.
  if (values.every((value) => value === values[0])) return 0;
  const mean = total(values) / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/**
 * Standardised differences of the means of the shoppers in `rows` to those of all others, in own units, so that they
 * agree with the means people see, the largest first; none where there are no others.
 */
export function differencesOf(columns: readonly ComparedColumn[], rows: Int32Array): Difference[] {
  const differences = columns.flatMap(({ name, raw, deviation }): Difference[] => {
    const { inside, outside } = means(raw, rows);
    const difference = (inside - outside) / deviation;
    if (!Number.isFinite(difference) || difference === 0) return [];
    const direction = difference > 0 ? 'higher' : 'lower';
    return [{ feature: name, direction, difference, mean: inside, others: outside }];
  });
  return differences.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

/** Those worth telling: the largest few, small ones only where there are no others. */
export const notable = (differences: readonly Difference[]): Difference[] =>
  differences.filter(({ difference }, rank) => rank === 0 || Math.abs(difference) >= NOTABLE).slice(0, MOST);

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
