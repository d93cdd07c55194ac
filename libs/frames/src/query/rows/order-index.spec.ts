import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { assert, asyncProperty, boolean, integer } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { select } from '../select.js';
import { OrderIndex } from './order-index.js';

const NOTHING = { sql: '', values: [] };

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => connection.closeSync());

/** Rows of some distinct values, of which one in `nullEvery` is missing. */
async function table(rows: number, distinct: number, nullEvery: number): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TABLE t AS SELECT n, CASE WHEN hash(n) % ${nullEvery} = 0 THEN NULL
       ELSE TIMESTAMP '2011-01-01' + to_minutes((hash(n + 1) % ${distinct})::INTEGER) END AS c0 FROM range(${rows}) AS t(n)`,
  );
}

describe('the range of a page in an order', () => {
  it('holds all of its rows, and tells how many come before', async () => {
    await assert(
      asyncProperty(
        integer({ min: 1, max: 30_000 }),
        integer({ min: 1, max: 5000 }),
        integer({ min: 1, max: 30 }),
        integer({ min: 0, max: 9999 }),
        integer({ min: 1, max: 1000 }),
        boolean(),
        async (rows, distinct, nullEvery, share, size, descending) => {
          await table(rows, distinct, nullEvery);
          const offset = Math.floor((rows * share) / 10_000);
          const index = await OrderIndex.read(connection, 't', NOTHING, 'c0', rows);
          const { condition, before, rows: within } = index.rangeOf(offset, size, descending);
          const direction = descending ? 'DESC' : 'ASC';
          const ordered = `SELECT n, row_number() OVER (ORDER BY c0 ${direction} NULLS LAST, n) - 1 AS position, c0 FROM t`;
          const [found = []] = await select(
            connection,
            `SELECT min(position), max(position), count(*) FROM (${ordered}) WHERE ${condition.sql}`,
            condition.values,
          );
          expect(found.map(Number)).toEqual([before, before + within - 1, within]);
          expect(before).toBeLessThanOrEqual(offset);
          expect(before + within).toBeGreaterThanOrEqual(Math.min(offset + size, rows));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is small where values are many', async () => {
    await table(200_000, 100_000, 50);
    const index = await OrderIndex.read(connection, 't', NOTHING, 'c0', 200_000);
    expect(index.rangeOf(100_000, 20, false).rows).toBeLessThan(4100);
    expect(index.sizeBytes).toBeLessThan(20_000);
  });
});
