import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { quoteLiteral } from '../engine/sql.js';

/** A table of texts, `r` (row from 0) and `c0…cN`, as the reader left it. */
export interface StagedTable {
  connection: DuckDBConnection;
  table: string;
  rows: number;
  names: string[];
  /**
   * Tables `c<index>`, `times`, `first` (number of the first row) of the columns whose values occur often, by index: what
   * holds of a value is asked once. They count rows, too, that are taken out later.
   */
  counted?: ReadonlyMap<number, string> | undefined;
  /** What {@link aggregateColumns} was answered before, by its SQL: for as long as the table stays as it is. */
  answers?: Map<string, DuckDBValue[]>;
}

/** Something about all values of a column, in SQL in which the column is called `c<index>`. */
export type Aggregate =
  /** How many rows meet a condition. */
  | { count: string }
  /** The greatest that an expression is in any row. */
  | { greatest: string };

/** Columns that one statement takes: a wide table is asked in parts. */
export const COLUMNS_A_STATEMENT = 64;
/** DuckDB 1.5.5 takes time and memory for a statement that grow with the square of its aggregates. */
const AGGREGATED_COLUMNS = 16;

type Wanted = [index: number, aggregates: Map<string, Aggregate>];

/**
 * Computes aggregates of many columns in as few passes as possible.
 * @param wanted by column index, aggregates by key
 * @returns by column index, results by key; a count of nothing may be null
 */
export async function aggregateColumns(
  staged: StagedTable,
  wanted: Map<number, Map<string, Aggregate>>,
): Promise<Map<number, Map<string, DuckDBValue>>> {
  const { connection, table, counted, answers } = staged;
  const results = new Map<number, Map<string, DuckDBValue>>();
  const ask = async (part: readonly Wanted[], from: string, sqlOf: (aggregate: Aggregate) => string) => {
    const select = part.flatMap(([, aggregates]) => [...aggregates.values()].map(sqlOf));
    const sql = `SELECT ${select.join(',\n')} FROM ${from}`;
    const row = answers?.get(sql) ?? (await connection.runAndReadAll(sql)).getRows()[0] ?? [];
    answers?.set(sql, row);
    let at = 0;
    for (const [index, aggregates] of part) {
      results.set(index, new Map([...aggregates.keys()].map((key) => [key, row[at++] ?? null])));
    }
  };
  const whole: Wanted[] = [];
  for (const entry of wanted) {
    const [index, aggregates] = entry;
    const values = counted?.get(index);
    if (aggregates.size === 0) continue;
    if (values === undefined) whole.push(entry);
    else await ask([entry], values, overValues);
  }
  for (let from = 0; from < whole.length; from += AGGREGATED_COLUMNS) {
    await ask(whole.slice(from, from + AGGREGATED_COLUMNS), table, overRows);
  }
  return results;
}

const overRows = (aggregate: Aggregate): string =>
  'count' in aggregate ? `count(*) FILTER (${aggregate.count})` : `max(${aggregate.greatest})`;

const overValues = (aggregate: Aggregate): string =>
  'count' in aggregate ? `sum(times) FILTER (${aggregate.count})` : `max(${aggregate.greatest})`;

/** SQL condition: the whole value of `expression` matches. */
export const matches = (expression: string, pattern: string): string =>
  `regexp_full_match(${expression}, ${quoteLiteral(pattern)})`;

export const isFilled = (column: string): string => `trim(${column}, ' \t') <> ''`;
