/** Figures of numbers by their textbook definitions, as an oracle for what the api answers. */
export interface Figures {
  count: number;
  nulls: number;
  mean: number | null;
  min: number | null;
  max: number | null;
  stddev: number | null;
  sum: number | null;
  p25: number | null;
  p50: number | null;
  p75: number | null;
}

/** Thousandths are exact as whole numbers. */
const SCALE = 1000;

/** @param cells texts of a column with at most three decimals; empty ones are nulls */
export function figuresOf(cells: readonly string[]): Figures {
  const values = numbersOf(cells);
  const count = values.length;
  const total = values.reduce((sum, value) => sum + Math.round(value * SCALE), 0) / SCALE;
  const mean = total / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const known = <Value>(value: Value): Value | null => (count === 0 ? null : value);
  return {
    count,
    nulls: cells.length - count,
    mean: known(mean),
    min: known(values[0] ?? null),
    max: known(values.at(-1) ?? null),
    stddev: count < 2 ? null : Math.sqrt(squares / (count - 1)),
    sum: known(total),
    p25: known(quantile(values, 0.25)),
    p50: known(quantile(values, 0.5)),
    p75: known(quantile(values, 0.75)),
  };
}

/** The numbers among the cells, ascending. */
export const numbersOf = (cells: readonly string[]): number[] =>
  cells
    .filter((cell) => cell !== '')
    .map(Number)
    .sort((a, b) => a - b);

/** Of sorted values, interpolated linearly between the two nearest (pandas' and NumPy's default). */
export function quantile(sorted: readonly number[], share: number): number {
  const rank = (sorted.length - 1) * share;
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

/** How often each item occurs, the most frequent first, equal ones in the order of their bytes. */
export function counted(items: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** What is shown otherwise than expected, numbers compared to nine digits; nothing where all is well. */
export function differences(shown: Record<string, unknown>, expected: Figures): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(shown)]);
  return [...names].flatMap((name) => {
    const [actual, wanted] = [shown[name], expected[name as keyof Figures]];
    return isNear(actual, wanted) ? [] : [`${name}: ${String(actual)} and not ${String(wanted)}`];
  });
}

export const isNear = (actual: unknown, wanted: unknown): boolean =>
  typeof actual === 'number' && typeof wanted === 'number'
    ? Math.abs(actual - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted))
    : actual === wanted;
