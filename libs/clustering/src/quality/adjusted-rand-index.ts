const pairs = (n: number): number => (n * (n - 1)) / 2;

const increase = (map: Map<number, number>, key: number): void => {
  map.set(key, (map.get(key) ?? 0) + 1);
};

/**
 * Agreement of two labellings of the same points, corrected for chance (Hubert & Arabie 1985): 1 = the same groups
 * whatever their numbers, about 0 = independent. 1 where both put all points together, or each alone.
 */
export function adjustedRandIndex(a: Uint8Array, b: Uint8Array): number {
  const cells = new Map<number, number>();
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  a.forEach((label, index) => {
    const other = b[index] as number;
    increase(cells, label * 256 + other);
    increase(rows, label);
    increase(columns, other);
  });
  const within = (map: Map<number, number>): number =>
    [...map.values()].reduce((sum, n) => sum + pairs(n), 0);
  const all = pairs(a.length);
  const together = within(cells);
  const expected = all === 0 ? 0 : (within(rows) * within(columns)) / all;
  const highest = (within(rows) + within(columns)) / 2;
  return highest === expected ? 1 : (together - expected) / (highest - expected);
}
