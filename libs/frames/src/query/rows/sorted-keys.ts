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

export interface SortedPage {
  offset: number;
  size: number;
  /** Rows that match in all. */
  count: number;
}

/** Up to here DuckDB only keeps the first rows; beyond it sorts all of them, which is dear for texts. */
const DEEP_OFFSET = 2000;

/**
 * The keys of a page in an order. Nulls come last, equal rows in the order of uploads and rows.
 * @param where bound to the rows of `relation`
 */
export async function sortedKeys(
  connection: DuckDBConnection,
  relation: string,
  where: Conditions,
  order: readonly OrderTerm[],
  { offset, size, count }: SortedPage,
): Promise<RowKey[]> {
  const [first] = order;
  if (first !== undefined && first.column.type === 'text' && offset >= DEEP_OFFSET) {
    const { values, before } = await valuesOfPage(connection, relation, where, first, {
      offset,
      size,
      count,
    });
    const narrowed = and(where, between(first, values));
    return keysOf(connection, relation, narrowed, order, { offset: offset - before, size });
  }
  if (offset <= count / 2) return keysOf(connection, relation, where, order, { offset, size });
  // From the end backwards there are fewer rows to skip.
  const shown = Math.min(size, count - offset);
  const page = { offset: count - offset - shown, size: shown };
  return (await keysOf(connection, relation, where, order, page, true)).toReversed();
}

async function keysOf(
  connection: DuckDBConnection,
  relation: string,
  { sql: where, values }: Conditions,
  order: readonly OrderTerm[],
  { offset, size }: { offset: number; size: number },
  backwards = false,
): Promise<RowKey[]> {
  const terms = [
    ...order.map(({ column, descending }) =>
      [
        column.physical,
        descending === backwards ? 'ASC' : 'DESC',
        backwards ? 'NULLS FIRST' : 'NULLS LAST',
      ].join(' '),
    ),
    ...['upload', 'n'].map((name) => (backwards ? `${name} DESC` : name)),
  ];
  const keys = await select(
    connection,
    `SELECT upload, n FROM ${relation} ${where} ORDER BY ${terms.join(', ')} LIMIT ${size} OFFSET ${offset}`,
    values,
  );
  return keys.map(([upload, n]) => ({ upload: Number(upload), n: Number(n) }));
}

/**
 * The values of the first column that the page holds, found by counting each: far cheaper than to sort rows by texts.
 * @returns `before` rows come before those with the first of the values
 */
async function valuesOfPage(
  connection: DuckDBConnection,
  relation: string,
  { sql: where, values }: Conditions,
  { column: { physical }, descending }: OrderTerm,
  { offset, size }: SortedPage,
): Promise<{ values: DuckDBValue[]; before: number }> {
  const found = await select(
    connection,
    `SELECT value, CAST(upto - times AS BIGINT) FROM (
       SELECT value, times, sum(times) OVER (ORDER BY value ${descending ? 'DESC' : 'ASC'} NULLS LAST) AS upto
         FROM (SELECT ${physical} AS value, count(*) AS times FROM ${relation} ${where} GROUP BY ALL))
      WHERE upto > ${offset} AND upto - times < ${offset + size} ORDER BY upto`,
    values,
  );
  return { values: found.map(([value = null]) => value), before: Number(found[0]?.[1] ?? 0) };
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
