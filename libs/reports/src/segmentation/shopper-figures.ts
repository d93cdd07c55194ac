import { DuckDBDataChunk, UINTEGER, UTINYINT } from '@duckdb/node-api';
import { type DuckDBConnection, extractDoubles } from '@app/frames';
import type { Sql } from '@app/shopping';

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

const CHUNK_ROWS = 2048;
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
        SELECT CAST(row_number() OVER (ORDER BY id) - 1 AS UINTEGER) AS place, * FROM (${text})`,
      values,
    );
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
      }
    } finally {
      appender.closeSync();
    }
  }

  /** SQL for a FROM clause: `id` and `segment` of each shopper. */
  get groups(): string {
    return `(SELECT id, segment FROM ${this.name} JOIN ${this.name}_segments USING (place))`;
  }

  /** Select of all members by id: id, segment, features. */
  get members(): string {
    return `SELECT id, segment, ${this.features.join(', ')}
      FROM ${this.name} JOIN ${this.name}_segments USING (place) ORDER BY place`;
  }

  async drop(connection: DuckDBConnection): Promise<void> {
    await connection.run(`DROP TABLE IF EXISTS ${this.name}_segments`);
    await connection.run(`DROP TABLE IF EXISTS ${this.name}`);
  }
}

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
