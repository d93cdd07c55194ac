import type { DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import type { Conditions } from '../conditions.js';
import { select } from '../select.js';
import type { VisibleSet } from '../visible-set.js';
import { OrderIndex } from './order-index.js';
import type { OrderTerm } from './sorted-rows.js';

const MAX_BYTES = 16 * 1024 * 1024;
const BYTES_WITHOUT_INDEX = 100;
/** Up to here DuckDB only keeps the first rows; beyond it sorts all of them, which is dear for texts. */
const DEEP_OFFSET = 2000;
const SAMPLE_ROWS = 20_000;
const MOST_DISTINCT = 0.5;

/** What is known of an order: that there is no index of it, where values would take longer to count than rows to sort. */
interface Known {
  index: OrderIndex | undefined;
}

/** Indexes of the orders in which a set was asked for, kept in memory: a set is immutable, and who asks for a page asks for the next. */
export class OrderIndexes {
  private readonly known = new LRUCache<string, Known>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ index }) => index?.sizeBytes ?? BYTES_WITHOUT_INDEX,
  });

  /**
   * @param relation the rows of `visible`
   * @param where bound to them; `count` of them match
   * @returns undefined where sorting them is cheaper
   */
  async of(
    connection: DuckDBConnection,
    relation: string,
    visible: VisibleSet,
    { where, term, offset, count }: OrderAsked,
  ): Promise<OrderIndex | undefined> {
    const { physical, type } = term.column;
    const sortingIsDear = type === 'text' && offset >= DEEP_OFFSET;
    const read = (): Promise<OrderIndex> => OrderIndex.read(connection, relation, where, physical, count);
    if (where.sql !== '') return sortingIsDear ? read() : undefined;
    const key = `${visible.id}:${physical}`;
    const known = this.known.get(key);
    if (known?.index !== undefined || (known !== undefined && !sortingIsDear)) return known.index;
    const isCheap = sortingIsDear || (await valuesRepeat(connection, relation, term));
    const index = isCheap ? await read() : undefined;
    this.known.set(key, { index });
    return index;
  }
}

export interface OrderAsked {
  where: Conditions;
  term: OrderTerm;
  offset: number;
  count: number;
}

/** Whether values occur again and again, by some rows: then they take little time to count. */
async function valuesRepeat(
  connection: DuckDBConnection,
  relation: string,
  { column: { physical } }: OrderTerm,
): Promise<boolean> {
  const [[distinct, rows] = []] = await select(
    connection,
    `SELECT count(DISTINCT value), count(*) FROM (SELECT ${physical} AS value FROM ${relation} LIMIT ${SAMPLE_ROWS})`,
  );
  return Number(distinct) <= MOST_DISTINCT * Number(rows);
}
