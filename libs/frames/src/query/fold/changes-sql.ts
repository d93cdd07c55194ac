import type { PhysicalName } from '../../columns/column.js';

/** What an upload did to the rows that were visible before it, counted by key. */
export interface RowChanges {
  created: number;
  updated: number;
  /** Keys whose one row has the same values in every column. */
  unchanged: number;
  removed: number;
}

/**
 * SQL of one row `created, updated, unchanged, removed`: keys that are only in `own`, in both, and only in `prior`.
 * @param prior SQL of the rows that were visible before
 * @param own SQL of the upload's rows, each key once
 * @param columns of both, that are compared; the keys among them
 */
export function changesSql(
  prior: string,
  own: string,
  keys: readonly PhysicalName[],
  columns: readonly PhysicalName[],
): string {
  const names = keys.join(', ');
  // 128 bits of two hashes in opposite order, as whole rows would not fit into memory.
  const hashes = `hash(${columns.join(', ')}) AS h, hash(${columns.toReversed().join(', ')}) AS g`;
  return `
    WITH prior AS (
      SELECT ${names}, count(*) AS times, any_value(h) AS prior_h, any_value(g) AS prior_g
        FROM (SELECT ${names}, ${hashes} FROM ${prior}) GROUP BY ${names}
    ), own AS (SELECT ${names}, ${hashes} FROM ${own}),
    both_sides AS (
      SELECT times IS NULL AS is_new, h IS NULL AS is_missing, times = 1 AND prior_h = h AND prior_g = g AS is_same
        FROM prior FULL JOIN own USING (${names})
    )
    SELECT count(*) FILTER (is_new),
           count(*) FILTER (NOT is_new AND NOT is_missing AND NOT is_same),
           count(*) FILTER (NOT is_new AND NOT is_missing AND is_same),
           count(*) FILTER (is_missing)
      FROM both_sides`;
}
