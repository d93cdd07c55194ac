import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { physicalName, quoteLiteral } from '../engine/sql.js';

/** A table of texts, `r` (row from 0) and `c0…cN`, as the reader left it. */
export interface StagedTable {
  connection: DuckDBConnection;
  table: string;
  rows: number;
  names: string[];
}

/** One aggregate over the column that `column` names (`c<index>`). */
export type Aggregate = (column: string) => string;

/** Columns that one statement takes: a wide table is asked in parts. */
const COLUMNS_A_STATEMENT = 64;

/**
 * Computes aggregates of many columns in as few passes as possible.
 * @param wanted by column index, aggregates by key
 * @returns by column index, results by key
 */
export async function aggregateColumns(
  staged: StagedTable,
  wanted: Map<number, Map<string, Aggregate>>,
  where = '',
): Promise<Map<number, Map<string, DuckDBValue>>> {
  const results = new Map<number, Map<string, DuckDBValue>>();
  const entries = [...wanted].filter(([, aggregates]) => aggregates.size > 0);
  for (let from = 0; from < entries.length; from += COLUMNS_A_STATEMENT) {
    const part = entries.slice(from, from + COLUMNS_A_STATEMENT);
    const select = part.flatMap(([index, aggregates]) =>
      [...aggregates.values()].map((aggregate) => aggregate(physicalName(index))),
    );
    const reader = await staged.connection.runAndReadAll(
      `SELECT ${select.join(',\n')} FROM ${staged.table} ${where}`,
    );
    const row = reader.getRows()[0] ?? [];
    let at = 0;
    for (const [index, aggregates] of part) {
      results.set(index, new Map([...aggregates.keys()].map((key) => [key, row[at++] ?? null])));
    }
  }
  return results;
}

/** SQL condition: the whole value of `expression` matches. */
export const matches = (expression: string, pattern: string): string =>
  `regexp_full_match(${expression}, ${quoteLiteral(pattern)})`;

export const isFilled = (column: string): string => `trim(${column}, ' \t') <> ''`;
