import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Column, PhysicalName } from '../../columns/column.js';
import type { Conditions } from '../conditions.js';
import { select } from '../select.js';

export interface OrderTerm {
  column: Column;
  descending: boolean;
}

export interface RowKey {
  upload: number;
  n: number;
}

/** Rows of a page: their keys alone, or all that is shown of them where that was at hand. */
export interface SortedRows {
  keys: RowKey[];
  shown?: DuckDBValue[][];
}

export interface SortedPage {
  offset: number;
  size: number;
  /** Rows that match in all. */
  count: number;
}

/** Up to here DuckDB only keeps the first rows; beyond it sorts all of them, which is dear for texts. */
const DEEP_OFFSET = 2000;
/** So many cells are read along, which takes less time than to look the page's rows up after. */
const FEW_CELLS = 50_000;

/**
 * A page in an order. Nulls come last, equal rows in the order of uploads and rows.
 * @param where bound to the rows of `relation`
 * @param shown SQL of what is shown of a row
 */
export async function sortedRows(
  connection: DuckDBConnection,
  relation: string,
  where: Conditions,
  order: readonly OrderTerm[],
  { offset, size, count }: SortedPage,
  shown: readonly string[],
): Promise<SortedRows> {
  const [first] = order;
  if (first !== undefined && first.column.type === 'text' && offset >= DEEP_OFFSET) {
    const { values, before, rows } = await valuesOfPage(connection, relation, where, first, {
      offset,
      size,
      count,
    });
    const narrowed = and(where, between(first, values));
    const page = { offset: offset - before, size };
    return rowsOf(connection, relation, narrowed, order, {
      page,
      shown: rows * shown.length <= FEW_CELLS ? shown : undefined,
    });
  }
  if (offset <= count / 2) return rowsOf(connection, relation, where, order, { page: { offset, size } });
  // From the end backwards there are fewer rows to skip.
  const left = Math.min(size, count - offset);
  const page = { offset: count - offset - left, size: left };
  const { keys } = await rowsOf(connection, relation, where, order, { page, backwards: true });
  return { keys: keys.toReversed() };
}

async function rowsOf(
  connection: DuckDBConnection,
  relation: string,
  { sql: where, values }: Conditions,
  order: readonly OrderTerm[],
  { page: { offset, size }, shown, backwards = false }: RowsAsked,
): Promise<SortedRows> {
  const terms = [
    ...order.map(({ column, descending }) =>
      [
        `data.${column.physical}`,
        descending === backwards ? 'ASC' : 'DESC',
        backwards ? 'NULLS FIRST' : 'NULLS LAST',
      ].join(' '),
    ),
    ...['data.upload', 'data.n'].map((name) => (backwards ? `${name} DESC` : name)),
  ].join(', ');
  const page = `FROM ${relation} AS data ${where} ORDER BY ${terms} LIMIT ${size} OFFSET ${offset}`;
  const found = await select(
    connection,
    shown === undefined
      ? `SELECT upload, n ${page}`
      : `SELECT ${['upload', 'n', ...shown].join(', ')} FROM (SELECT * ${page}) AS data ORDER BY ${terms}`,
    values,
  );
  const keys = found.map(([upload, n]) => ({ upload: Number(upload), n: Number(n) }));
  return shown === undefined ? { keys } : { keys, shown: found.map((row) => row.slice(2)) };
}

interface RowsAsked {
  page: Omit<SortedPage, 'count'>;
  /** What is read of the rows besides their keys. */
  shown?: readonly string[] | undefined;
  /** From the end of the order. */
  backwards?: boolean;
}

/**
 * The values of the first column that the page holds, found by counting each: far cheaper than to sort rows by texts.
 * @returns how many rows have one of them, and how many come `before` those
 */
async function valuesOfPage(
  connection: DuckDBConnection,
  relation: string,
  { sql: where, values }: Conditions,
  { column: { physical }, descending }: OrderTerm,
  { offset, size }: SortedPage,
): Promise<{ values: DuckDBValue[]; before: number; rows: number }> {
  const found = await select(
    connection,
    `SELECT value, CAST(upto - times AS BIGINT), times FROM (
       SELECT value, times, sum(times) OVER (ORDER BY value ${descending ? 'DESC' : 'ASC'} NULLS LAST) AS upto
         FROM (SELECT ${physical} AS value, count(*) AS times FROM ${relation} ${where} GROUP BY ALL))
      WHERE upto > ${offset} AND upto - times < ${offset + size} ORDER BY upto`,
    values,
  );
  return {
    values: found.map(([value = null]) => value),
    before: Number(found[0]?.[1] ?? 0),
    rows: found.reduce((sum, [, , times]) => sum + Number(times), 0),
  };
}

/** The condition that a column has one of neighbouring values, nulls last. */
function between(
  { column: { physical }, descending }: OrderTerm,
  values: readonly DuckDBValue[],
): Conditions {
  const filled = values.filter((value) => value !== null);
  const ends = [filled[0], filled.at(-1)].filter((value) => value !== undefined);
  const conditions = [
    ...(ends.length === 2 ? [range(physical, descending)] : []),
    ...(filled.length < values.length ? [`${physical} IS NULL`] : []),
  ];
  return { sql: `(${conditions.join(' OR ') || 'false'})`, values: ends };
}

const range = (physical: PhysicalName, descending: boolean): string =>
  descending ? `(${physical} <= ? AND ${physical} >= ?)` : `(${physical} >= ? AND ${physical} <= ?)`;

const and = (where: Conditions, more: Conditions): Conditions => ({
  sql: where.sql === '' ? `WHERE ${more.sql}` : `${where.sql} AND ${more.sql}`,
  values: [...where.values, ...more.values],
});
