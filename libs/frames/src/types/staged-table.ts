import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { inLanes } from '../engine/in-lanes.js';
import { quoteLiteral } from '../engine/sql.js';

/** A table of texts, `r` (row from 0) and `c0…cN`, as the reader left it. */
export interface StagedTable {
  connection: DuckDBConnection;
  /** For questions that may be asked at the same time. */
  second?: DuckDBConnection | undefined;
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

/** The connections on which a table may be asked. */
export const connectionsOf = ({ connection, second }: StagedTable): DuckDBConnection[] =>
  second === undefined ? [connection] : [connection, second];

/**
 * Rows that stand together, as SQL for a FROM clause. They are found at once; any other condition on `r` is asked of every
 * row, with all its texts. A wide table is read once for all of them.
 * @param ranges first and last `r`
 */
export function rowsIn(
  { table, names }: StagedTable,
  ranges: readonly (readonly [number, number])[],
): string {
  const conditions = ranges.map(([first, last]) => `r BETWEEN ${first} AND ${last}`);
  if (names.length > MANY_COLUMNS) return `(SELECT * FROM ${table} WHERE ${conditions.join(' OR ')})`;
  return `(${conditions.map((condition) => `SELECT * FROM ${table} WHERE ${condition}`).join(' UNION ALL ')})`;
}

type Wanted = [index: number, aggregates: Map<string, Aggregate>];

interface Asked {
  part: readonly Wanted[];
  from: string;
  sqlOf: (aggregate: Aggregate) => string;
}

/**
 * Computes aggregates of many columns in as few passes as possible.
 * @param wanted by column index, aggregates by key
 * @returns by column index, results by key; a count of nothing may be null
 */
export async function aggregateColumns(
  staged: StagedTable,
  wanted: Map<number, Map<string, Aggregate>>,
): Promise<Map<number, Map<string, DuckDBValue>>> {
  const { table, counted, answers } = staged;
  const asked: Asked[] = [];
  const whole: Wanted[] = [];
  for (const entry of wanted) {
    const [index, aggregates] = entry;
    const values = counted?.get(index);
    if (aggregates.size === 0) continue;
    if (values === undefined) whole.push(entry);
    else asked.push({ part: [entry], from: values, sqlOf: overValues });
  }
  for (let from = 0; from < whole.length; from += AGGREGATED_COLUMNS) {
    asked.push({ part: whole.slice(from, from + AGGREGATED_COLUMNS), from: table, sqlOf: overRows });
  }
  const results = new Map<number, Map<string, DuckDBValue>>();
  await inLanes(connectionsOf(staged), asked, async (connection, { part, from, sqlOf }) => {
    const select = part.flatMap(([, aggregates]) => [...aggregates.values()].map(sqlOf));
    const sql = `SELECT ${select.join(',\n')} FROM ${from}`;
    const row = answers?.get(sql) ?? (await connection.runAndReadAll(sql)).getRows()[0] ?? [];
    answers?.set(sql, row);
    let at = 0;
    for (const [index, aggregates] of part) {
      results.set(index, new Map([...aggregates.keys()].map((key) => [key, row[at++] ?? null])));
    }
  });
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
