import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { PhysicalName } from '../../columns/column.js';
import type { Conditions } from '../conditions.js';
import { select } from '../select.js';

/** So many rows at least stand from one mark to the next. */
const ROWS_A_MARK = 2000;
const MOST_MARKS = 500;
const BYTES_A_MARK = 100;

/** A value, and how many rows come before the first of its own, in ascending order. */
interface Mark {
  value: DuckDBValue;
  before: number;
  times: number;
}

/** Rows that stand together in an order, by the values that they have. */
export interface OrderRange {
  /** SQL condition on the rows. */
  condition: Conditions;
  /** How many rows come before them, and how many they are. */
  before: number;
  rows: number;
}

/**
 * Where rows stand in the order of one column: marks with some thousand rows between them. A page is then sought among the
 * rows between two marks, in place of sorting all. Counting how often each value occurs is far cheaper than to sort rows.
 */
export class OrderIndex {
  private constructor(
    private readonly column: PhysicalName,
    /** In ascending order, without null. */
    private readonly marks: readonly Mark[],
    /** Rows with a value, and without. */
    private readonly filled: number,
    private readonly nulls: number,
  ) {}

  /**
   * @param where bound to the rows of `relation`
   * @param count how many rows match
   */
  static async read(
    connection: DuckDBConnection,
    relation: string,
    { sql: where, values }: Conditions,
    column: PhysicalName,
    count: number,
  ): Promise<OrderIndex> {
    const step = Math.max(ROWS_A_MARK, Math.ceil(count / MOST_MARKS));
    const found = await select(
      connection,
      `SELECT value, CAST(upto - times AS BIGINT), times FROM (
         SELECT value, times, sum(times) OVER (ORDER BY value NULLS LAST ROWS UNBOUNDED PRECEDING) AS upto
           FROM (SELECT ${column} AS value, count(*) AS times FROM ${relation} ${where} GROUP BY ALL))
        WHERE upto // ${step} > (upto - times) // ${step} OR value IS NULL ORDER BY upto`,
      values,
    );
    const marks = found.map(([value = null, before, times]) => ({
      value,
      before: Number(before),
      times: Number(times),
    }));
    const nulls = marks.find(({ value }) => value === null)?.times ?? 0;
    const filled = marks.filter(({ value }) => value !== null);
    return new OrderIndex(column, filled, count - nulls, nulls);
  }

  get sizeBytes(): number {
    const texts = this.marks.map(({ value }) => (typeof value === 'string' ? 2 * value.length : 0));
    return texts.reduce((sum, bytes) => sum + bytes + BYTES_A_MARK, BYTES_A_MARK);
  }

  /**
   * The rows among which those from `offset` on are, `size` of them. Nulls come last, whichever the direction.
   * @param offset below the number of rows
   */
  rangeOf(offset: number, size: number, descending: boolean): OrderRange {
    const end = Math.min(offset + size, this.filled);
    const withNulls = offset + size > this.filled && this.nulls > 0;
    if (offset >= this.filled) {
      const condition = { sql: `${this.column} IS NULL`, values: [] };
      return { condition, before: this.filled, rows: this.nulls };
    }
    const [first, last] = descending ? [this.filled - end, this.filled - offset] : [offset, end];
    const from = this.marks.findLast(({ before }) => before <= first);
    const to = this.marks.find(({ before, times }) => before + times >= last);
    const [start, stop] = [from?.before ?? 0, to === undefined ? this.filled : to.before + to.times];
    return {
      condition: this.between(from, to, withNulls),
      before: descending ? this.filled - stop : start,
      rows: stop - start + (withNulls ? this.nulls : 0),
    };
  }

  private between(from: Mark | undefined, to: Mark | undefined, withNulls: boolean): Conditions {
    const { column } = this;
    const ends = [
      ...(from === undefined ? [] : [`${column} >= ?`]),
      ...(to === undefined ? [] : [`${column} <= ?`]),
    ];
    const filled = ends.length === 0 ? `${column} IS NOT NULL` : ends.join(' AND ');
    return {
      sql: withNulls ? `((${filled}) OR ${column} IS NULL)` : `(${filled})`,
      values: [from, to].flatMap((mark) => (mark === undefined ? [] : [mark.value])),
    };
  }
}
