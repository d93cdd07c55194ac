import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { invalidParameter } from '@app/problems';
import type { Column } from '../../columns/column.js';
import type { Conditions } from '../conditions.js';
import { select } from '../select.js';
import type { VisibleSet } from '../visible-set.js';
import type { OrderIndex } from './order-index.js';

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

/** @throws Problem invalid_parameter where there is no such column */
export function orderTerm(visible: VisibleSet, term: string): OrderTerm {
  const exact = visible.columns.find(({ name }) => name === term);
  const descending = exact === undefined && term.startsWith('-');
  const column = exact ?? visible.columns.find(({ name }) => name === (descending ? term.slice(1) : term));
  if (column === undefined) throw invalidParameter('ordering', `there is no column "${term.slice(0, 64)}".`);
  return { column, descending };
}

/** So many cells are read along, which takes less time than to look the page's rows up after. */
const FEW_CELLS = 50_000;

/**
 * A page in an order. Nulls come last, equal rows in the order of uploads and rows.
 * @param where bound to the rows of `relation`
 * @param shown SQL of what is shown of a row
 * @param index of the first column of the order, where there is one
 */
export async function sortedRows(
  connection: DuckDBConnection,
  relation: string,
  where: Conditions,
  order: readonly [OrderTerm, ...OrderTerm[]],
  { offset, size, count }: SortedPage,
  { shown, index }: { shown: readonly string[]; index: OrderIndex | undefined },
): Promise<SortedRows> {
  if (index !== undefined) {
    const { condition, before, rows } = index.rangeOf(offset, size, order[0].descending);
    return rowsOf(connection, relation, and(where, condition), order, {
      page: { offset: offset - before, size },
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

const and = (where: Conditions, more: Conditions): Conditions => ({
  sql: where.sql === '' ? `WHERE ${more.sql}` : `${where.sql} AND ${more.sql}`,
  values: [...where.values, ...more.values],
});

/** Rows that begin with upload and number, in the order of their keys. */
export function inOrder(rows: DuckDBValue[][], keys: readonly RowKey[]): DuckDBValue[][] {
  const byKey = new Map(rows.map((row) => [`${Number(row[0])}:${Number(row[1])}`, row]));
  return keys.flatMap(({ upload, n }) => {
    const row = byKey.get(`${upload}:${n}`);
    return row === undefined ? [] : [row];
  });
}
