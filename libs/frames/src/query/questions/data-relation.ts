import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '../../columns/column.js';
import { dropTables } from '../../engine/clean-up.js';
import { uniqueName } from '../../engine/unique-name.js';
import { type Conditions, conditionsOf } from '../conditions.js';
import { selectForJson } from '../json-rows.js';
import { select } from '../select.js';
import type { RowFilter, VisibleSet } from '../visible-set.js';

/** The rows that filters leave: `upload`, `n` and the given columns as answers show them (times in UTC). */
export function filteredRows(
  visible: VisibleSet,
  relation: string,
  columns: readonly Column[],
  filters: readonly RowFilter[],
): Conditions {
  const { sql: where, values } = conditionsOf(visible, filters);
  const shown = [...new Set(columns)].map((column) => selectForJson(column, visible.timezone));
  return {
    sql: `(SELECT ${['upload', 'n', ...shown].join(', ')} FROM (SELECT * FROM ${relation} ${where}))`,
    values,
  };
}

/**
 * Runs `work` with the name of a table that holds the rows of a query, each kept until `work` ends.
 */
export async function withTable<T>(
  connection: DuckDBConnection,
  { sql, values }: Conditions,
  work: (table: string) => Promise<T>,
): Promise<T> {
  const table = uniqueName('q');
  try {
    await select(connection, `CREATE TEMP TABLE ${table} AS ${sql}`, values);
    return await work(table);
  } finally {
    await dropTables(connection, table);
  }
}
