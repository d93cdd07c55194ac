import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_HABITS, HABIT_NAMES, type HabitName, isAvailable } from './features.js';
import { type SalesSource, salesQuery, type Sql } from './sales.js';
import { habitsQuery, lastTransactionQuery, shoppersQuery, topProductsQuery } from './shopper-table.js';

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

async function rowsOf({ text, values }: Sql): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(text, values);
  return reader.getRowObjectsJS();
}

const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n;

/** order, shopper, at, quantity, price, product */
const SALES: SalesSource = {
  relation: `(VALUES
    ('1', 'b', TIMESTAMP '2024-01-01 10:00', 2, 5.00::DECIMAL(18,2), 'x'),
    ('1', 'b', TIMESTAMP '2024-01-01 10:00', 1, 2.50, 'y'),
    ('2', 'b', TIMESTAMP '2024-01-11 10:00', 1, 0.10, 'x'),
    ('C2', 'b', TIMESTAMP '2024-01-12 10:00', -1, 0.10, 'x'),
    ('3', 'a', TIMESTAMP '2024-01-10 09:59', 3, 0.20, 'x'),
    ('4', 'ä', TIMESTAMP '2024-01-05 00:00', 1, 1.00, NULL),
    ('5', NULL, TIMESTAMP '2024-01-13 10:00', 9, 9.00, 'x'),
    ('6', 'z', TIMESTAMP '2024-01-13 10:00', 9, 0.00, 'x'),
    ('7', 'z', TIMESTAMP '2024-01-13 10:00', 0, 9.00, 'x'),
    ('8', 'z', NULL, 1, 9.00, 'x'),
    ('CARD9', 'a', TIMESTAMP '2024-01-12 10:00', 1, 0.10, 'x')
  ) AS t(c0, c1, c2, c3, c4, c5)`,
  columns: {
    orderId: 'c0',
    shopperId: 'c1',
    orderedAt: 'c2',
    quantity: 'c3',
    unitPrice: 'c4',
    product: 'c5',
  },
  timezone: 'UTC',
};

describe('habitsQuery', () => {
  it('takes purchases only, by the definitions of the features', async () => {
    const rows = await rowsOf(habitsQuery([SALES], HABIT_NAMES, micros('2024-01-14T10:00:00Z')));
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'ä']);
    const b = rows[1] ?? {};
    const features = Object.fromEntries(HABIT_NAMES.map((name, index) => [name, b[`f${index}`]]));
    expect(features).toEqual({
      recencyDays: 3,
      frequency: 2,
      monetary: 12.6,
      averageBasket: 6.3,
      itemsPerBasket: 2,
      distinctProducts: 2,
      tenureDays: 13,
      daysBetweenOrders: 10,
      returnRate: 1 / 3,
    });
    expect(b).toMatchObject({ source_rows: 3n, recency: 3, orders: 2, span: 10 });
  });

  it('counts whole days of 24 hours and treats an order with another letter as a purchase', async () => {
    const [a] = await rowsOf(
      habitsQuery([SALES], ['recencyDays', 'frequency'], micros('2024-01-14T09:59:59Z')),
    );
    expect(a).toMatchObject({ id: 'a', f0: 1, f1: 2 });
  });

  it('takes quantity by price where a row lacks its amount', async () => {
    const relation = `(VALUES ('1', 'a', TIMESTAMP '2024-01-01', 2, 3.0, 7.5), ('2', 'a', TIMESTAMP '2024-01-02', 2, 3.0, NULL))
      AS t(c0, c1, c2, c3, c4, c5)`;
    const { product: _product, ...columns } = SALES.columns;
    const source = { ...SALES, relation, columns: { ...columns, amount: 'c5' } };
    const [row] = await rowsOf(habitsQuery([source], ['monetary'], micros('2024-01-14T10:00:00Z')));
    expect(row).toMatchObject({ f0: 13.5, orders: 2 });
  });

  it('ignores what happened after asOf', async () => {
    const rows = await rowsOf(habitsQuery([SALES], DEFAULT_HABITS, micros('2024-01-05T00:00:00Z')));
    expect(rows).toMatchObject([
      { id: 'b', f0: 3, f1: 1, f2: 12.5 },
      { id: 'ä', f0: 0, f1: 1, f2: 1 },
    ]);
  });

  it('reads naive times in the zone of the store', async () => {
    const madrid = { ...SALES, timezone: 'Europe/Madrid' };
    const [last] = await rowsOf(lastTransactionQuery([madrid]));
    expect(last).toEqual({ last: micros('2024-01-13T09:00:00Z') });
  });

  it('gives daysBetweenOrders of a single order as the days since', async () => {
    const rows = await rowsOf(habitsQuery([SALES], ['daysBetweenOrders'], micros('2024-01-14T10:00:00Z')));
    expect(rows.at(-1)).toMatchObject({ id: 'ä', f0: 9 });
  });

  it('makes every row an order where none are named, and amounts ≥ 0 purchases', async () => {
    const source: SalesSource = {
      relation: `(VALUES (7, DATE '2024-01-01', 0.0), (7, DATE '2024-01-02', 3.5), (7, DATE '2024-01-03', -3.5))
        AS t(c0, c1, c2)`,
      columns: { shopperId: 'c0', orderedAt: 'c1', amount: 'c2' },
      timezone: 'UTC',
    };
    const names: HabitName[] = [...DEFAULT_HABITS, 'returnRate'];
    const rows = await rowsOf(habitsQuery([source], names, micros('2024-01-04T00:00:00Z')));
    expect(rows).toMatchObject([{ id: '7', f0: 2, f1: 2, f2: 3.5, f3: 1 / 3 }]);
  });

  it('joins several sources: the same shopper is one, the same order number is not', async () => {
    const rows = await rowsOf(habitsQuery([SALES, SALES], DEFAULT_HABITS, micros('2024-01-14T10:00:00Z')));
    expect(rows[1]).toMatchObject({ id: 'b', f1: 4, f2: 25.2 });
  });

  it('sums amounts exactly', async () => {
    const source: SalesSource = {
      relation: `(SELECT 1 AS c0, DATE '2024-01-01' AS c1, 0.1::DOUBLE AS c2 FROM range(1000000))`,
      columns: { shopperId: 'c0', orderedAt: 'c1', amount: 'c2' },
      timezone: 'UTC',
    };
    const [row] = await rowsOf(habitsQuery([source], ['monetary'], micros('2024-01-04T00:00:00Z')));
    expect(row).toMatchObject({ f0: 100_000 });
  });

  it('leaves money out where there is none', async () => {
    const columns = { shopperId: 'c1', orderedAt: 'c2' };
    const rows = await rowsOf(
      habitsQuery([{ ...SALES, columns }], ['frequency'], micros('2025-01-01T00:00:00Z')),
    );
    expect(rows.map(({ id, revenue }) => [id, revenue])).toContainEqual(['a', null]);
    expect(isAvailable('monetary', new Set(['shopperId', 'orderedAt', 'quantity']))).toBe(false);
    expect(isAvailable('monetary', new Set(['unitPrice']))).toBe(true);
    expect(isAvailable('frequency', new Set())).toBe(true);
  });

  it('takes physical columns only', () => {
    expect(() => salesQuery([{ ...SALES, columns: { shopperId: 'c1; DROP TABLE x' } }])).toThrow(RangeError);
  });
});

describe('topProductsQuery', () => {
  it('orders by revenue within each segment', async () => {
    const groups = `(VALUES ('a', 0), ('b', 1)) AS g(key, segment)`;
    const sql = topProductsQuery([SALES], `(SELECT * FROM ${groups})`, micros('2024-01-14T10:00:00Z'), 1);
    expect(await rowsOf(sql)).toEqual([
      { segment: 0, product: 'x', name: null, revenue: 0.7 },
      { segment: 1, product: 'x', name: null, revenue: 10.1 },
    ]);
  });

  it('names products by the words that stand beside them most often', async () => {
    const relation = `(SELECT 'a' AS c0, DATE '2024-01-01' AS c1, 1 AS c2, code AS c3, name AS c4 FROM (VALUES
      (22423, 'CAKESTAND '), (22423, 'CAKESTAND'), (22423, '?'), (22423, NULL), (1, NULL)) AS t(code, name))`;
    const columns = { shopperId: 'c0', orderedAt: 'c1', amount: 'c2', product: 'c3' };
    const source: SalesSource = { relation, columns, productName: 'c4', timezone: 'UTC' };
    const groups = `(SELECT 'a' AS key, 0 AS segment)`;
    const sql = topProductsQuery([source], groups, micros('2024-01-14T10:00:00Z'), 5);
    expect(await rowsOf(sql)).toEqual([
      { segment: 0, product: '22423', name: 'CAKESTAND', revenue: 4 },
      { segment: 0, product: '1', name: null, revenue: 1 },
    ]);
  });
});

describe('shoppersQuery', () => {
  const relation = `(VALUES (1, 0, 11, 1.5, 2), (1, 1, 12, 2.5, NULL), (2, 0, 11, 3.5, 4), (2, 1, NULL, 1, 1))
    AS t(upload, n, c0, c1, c2)`;
  const names = ['Age', 'Score'];
  const numbers = ['c1', 'c2'];

  it('takes the last complete row of each id', async () => {
    const rows = await rowsOf(shoppersQuery([{ relation, id: 'c0', numbers }], names));
    expect(rows).toMatchObject([{ id: '11', f0: 3.5, f1: 4, revenue: null, recency: null }]);
  });

  it('numbers the rows where there is no id', async () => {
    const rows = await rowsOf(shoppersQuery([{ relation, amount: 'c2', numbers }], names));
    expect(rows.map(({ id, f0 }) => [id, f0])).toEqual([
      ['1', 1.5],
      ['3', 3.5],
      ['4', 1],
    ]);
  });

  it('puts sources together: the last of an id counts, numbered rows stay their own', async () => {
    const later = '(VALUES (3, 0, 9, 11), (3, 1, 8, 12)) AS t(upload, n, c0, c1)';
    const sources = [
      { relation, id: 'c0', numbers: ['c1'], texts: ['c2'] },
      { relation: later, id: 'c1', numbers: ['c0'], texts: ['c0'] },
    ];
    const rows = await rowsOf(shoppersQuery(sources, ['Age']));
    expect(rows.map(({ id, f0, t0 }) => [id, f0, t0])).toEqual([
      ['11', 9, '9'],
      ['12', 8, '8'],
    ]);
    const unnamed = sources.map(({ relation, numbers }) => ({ relation, numbers }));
    const ids = (await rowsOf(shoppersQuery(unnamed, ['Age']))).map(({ id }) => id);
    expect(ids).toEqual(['0:1', '0:2', '0:3', '0:4', '1:1', '1:2']);
  });
});

const directory = process.env['TEST_DATA_DIR'];
const file = directory === undefined ? '' : join(directory, 'online_retail.csv.gz');

// Needs the full data set: set TEST_DATA_DIR to the folder that holds online_retail.csv.gz.
describe.skipIf(!existsSync(file))('habits of Online Retail', () => {
  const source: SalesSource = {
    relation: `read_csv('${file}', header = true, columns = {c0: 'VARCHAR', c1: 'VARCHAR', c2: 'VARCHAR',
      c3: 'BIGINT', c4: 'TIMESTAMP', c5: 'DECIMAL(18,3)', c6: 'BIGINT', c7: 'VARCHAR'},
      timestampformat = '%m/%d/%Y %H:%M', hive_partitioning = false)`,
    columns: {
      orderId: 'c0',
      product: 'c1',
      quantity: 'c3',
      orderedAt: 'c4',
      unitPrice: 'c5',
      shopperId: 'c6',
    },
    timezone: 'UTC',
  };

  it('equals the reference shopper by shopper', async () => {
    const table = habitsQuery([source], DEFAULT_HABITS, micros('2011-12-10T12:50:00Z'));
    const rows = await rowsOf(table);
    const expected = readFileSync(join(directory ?? '', 'reference/online_retail_clean_rfm.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(rows).toHaveLength(4338);
    expect(rows.map(({ id, f0, f1 }) => [id, f0, f1])).toEqual(
      expected.map(([id, recency, frequency]) => [id, Number(recency), Number(frequency)]),
    );
    const worst = rows.map(({ f2 }, row) => Math.abs(Number(f2) / Number(expected[row]?.[3]) - 1));
    expect(Math.max(...worst)).toBeLessThan(1e-9);
    expect(rows.reduce((sum, { source_rows }) => sum + Number(source_rows), 0)).toBe(397_884);
    const [total] = await rowsOf({
      text: `SELECT CAST(sum(revenue) AS DOUBLE) AS revenue FROM (${table.text})`,
      values: table.values,
    });
    expect(total).toEqual({ revenue: 8_911_407.904 });
  });

  it('takes the last transaction plus a day as the day of the report', async () => {
    const [row] = await rowsOf(lastTransactionQuery([source]));
    expect(row).toEqual({ last: micros('2011-12-09T12:50:00Z') });
  });
});
