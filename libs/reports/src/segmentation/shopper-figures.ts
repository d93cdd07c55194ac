import { setImmediate } from 'node:timers/promises';
import { DuckDBDataChunk, UINTEGER, UTINYINT } from '@duckdb/node-api';
import { dropTables, type DuckDBConnection, extractDoubles } from '@app/frames';
import { Problem } from '@app/problems';
import type { Sql } from '@app/shopping';
import type { ShopperCounts } from '../request/enough-shoppers.js';

export interface ShopperColumns {
  shoppers: number;
  /** Rows of the data behind all shoppers. */
  sourceRows: number;
  /** Exact sum, as a number; null where no amounts are known. */
  totalRevenue: number | null;
  features: Float64Array[];
  revenue: Float64Array;
  recency: Float64Array;
  orders: Float64Array;
  span: Float64Array;
}

/** Groups somebody gave: the group of each shopper, 0…, and the names of the groups. */
export interface GivenGroups {
  labels: Uint8Array;
  names: string[];
}

const CHUNK_ROWS = 2048;
/** Chunks that are handed over before others get their turn. */
const CHUNKS_AT_ONCE = 16;
const MAX_GROUPS = 100;
/** What shoppers without a value are called. */
const NO_VALUE = '(no value)';
let tables = 0;

/**
 * The shoppers of a report as a table of this process's database, numbered in the order of their ids, so that the
 * clusters found outside come back by number. Every connection sees it, and none is held in between.
 */
export class ShopperFigures {
  private readonly name: string;
  private readonly features: string[];

  constructor(featureCount: number) {
    tables += 1;
    this.name = `shoppers_${tables}`;
    this.features = Array.from({ length: featureCount }, (_, index) => `f${index}`);
  }

  /** Fills the table, anew where it was filled before. */
  async create(connection: DuckDBConnection, { text, values }: Sql): Promise<void> {
    await connection.run(
      `CREATE OR REPLACE TABLE ${this.name} AS
        SELECT CAST(row_number() OVER () - 1 AS UINTEGER) AS place, * FROM (${text})`,
      values,
    );
  }

  /** Enough to tell whether segments can be made of them. */
  async counts(connection: DuckDBConnection): Promise<ShopperCounts> {
    return countsOf(await firstRow(connection, countsQuery(this.name, this.features.length)));
  }

  /** The figures of all shoppers, sorted by id as UTF-8 bytes. */
  async read(connection: DuckDBConnection): Promise<ShopperColumns> {
    const totals = await firstRow(connection, {
      text: `SELECT count(*) AS shoppers, CAST(coalesce(sum(source_rows), 0) AS BIGINT) AS rows,
        CAST(sum(revenue) AS DOUBLE) AS revenue FROM ${this.name}`,
      values: {},
    });
    const shoppers = Number(totals['shoppers']);
    const columns = await extractDoubles(
      connection,
      `SELECT CAST(revenue AS DOUBLE), recency, orders, span, ${this.features.join(', ')}
        FROM ${this.name} ORDER BY place`,
      shoppers,
    );
    const [revenue, recency, orders, span, ...features] = columns as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      ...Float64Array[],
    ];
    const totalRevenue = totals['revenue'];
    return {
      shoppers,
      sourceRows: Number(totals['rows']),
      totalRevenue: typeof totalRevenue === 'number' ? totalRevenue : null,
      features,
      revenue,
      recency,
      orders,
      span,
    };
  }

  /**
   * The values of the text column `t<index>` as groups.
   * @throws Problem unprocessable where there are too many to look at
   */
  async given(connection: DuckDBConnection, index: number, shoppers: number): Promise<GivenGroups> {
    const values = `SELECT place, coalesce(nullif(trim(t${index}), ''), '${NO_VALUE}') AS value FROM ${this.name}`;
    const rows = await rowsOf(connection, {
      text: `SELECT DISTINCT value FROM (${values}) ORDER BY value LIMIT ${MAX_GROUPS + 1}`,
      values: {},
    });
    if (rows.length > MAX_GROUPS) {
      throw new Problem(
        'unprocessable',
        `The column to group by has more than ${MAX_GROUPS} different values.`,
      );
    }
    const [groups] = await extractDoubles(
      connection,
      `SELECT CAST(dense_rank() OVER (ORDER BY value) - 1 AS DOUBLE) FROM (${values}) ORDER BY place`,
      shoppers,
    );
    return { labels: Uint8Array.from(groups ?? []), names: rows.map(({ value }) => storable(value)) };
  }

  /** Adds the segment of each shopper, in the order of {@link read}. */
  async label(connection: DuckDBConnection, labels: Uint8Array): Promise<void> {
    await connection.run(`CREATE OR REPLACE TABLE ${this.name}_segments (place UINTEGER, segment UTINYINT)`);
    const appender = await connection.createAppender(`${this.name}_segments`);
    try {
      for (let start = 0; start < labels.length; start += CHUNK_ROWS) {
        const part = labels.subarray(start, start + CHUNK_ROWS);
        const chunk = DuckDBDataChunk.create([UINTEGER, UTINYINT], part.length);
        chunk.setColumnValues(
          0,
          Array.from(part, (_, index) => start + index),
        );
        chunk.setColumnValues(1, Array.from(part));
        appender.appendDataChunk(chunk);
        if ((start / CHUNK_ROWS) % CHUNKS_AT_ONCE === 0) await setImmediate();
      }
    } finally {
      appender.closeSync();
    }
  }

  /** SQL for a FROM clause: `id`, `key` and `segment` of each shopper. */
  get groups(): string {
    return `(SELECT id, key, segment FROM ${this.labelled})`;
  }

  /** SQL for a FROM clause: every figure of each shopper, with the segment. */
  get labelled(): string {
    return `${this.name} JOIN ${this.name}_segments USING (place)`;
  }

  /** The table of the shoppers' figures. */
  get table(): string {
    return this.name;
  }

  /** Select of all members by id: id, segment, features, and scores where `scores` (a table with `place`) has them. */
  members(scores: { table: string; columns: readonly string[] } | null): string {
    const columns = ['id', 'segment', ...this.features, ...(scores?.columns ?? [])];
    const joined = scores === null ? '' : ` JOIN ${scores.table} USING (place)`;
    return `SELECT ${columns.join(', ')} FROM ${this.labelled}${joined} ORDER BY place`;
  }

  async drop(connection: DuckDBConnection): Promise<void> {
    await dropTables(connection, `${this.name}_segments`, `${this.name}_scores`, this.name);
  }
}

/** The counts of a shopper table: the one of a report, or the one it will be made of. */
export function countsQuery(shoppers: string, features: number): Sql {
  const differ = Array.from({ length: features }, (_, index) => `min(f${index}) < max(f${index})`);
  return {
    text: `SELECT count(*) AS shoppers, max(orders) AS most, coalesce(${differ.join(' OR ')}, false) AS differ
      FROM ${shoppers}`,
    values: {},
  };
}

export const countsOf = ({ shoppers, most, differ }: Record<string, unknown>): ShopperCounts => ({
  shoppers: Number(shoppers),
  mostOrders: typeof most === 'number' ? most : null,
  differ: differ === true,
});

/** NUL is no character for Postgres. */
export const storable = (value: unknown): string => String(value).replaceAll('\0', '\u{FFFD}');

/** The rows of a statement as plain values; BIGINT as bigint. */
export async function rowsOf(
  connection: DuckDBConnection,
  { text, values }: Sql,
): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(text, values);
  return reader.getRowObjectsJS();
}

export async function firstRow(connection: DuckDBConnection, sql: Sql): Promise<Record<string, unknown>> {
  const [row] = await rowsOf(connection, sql);
  return row ?? {};
}
