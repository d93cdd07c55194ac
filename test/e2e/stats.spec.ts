import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { counted, differences, figuresOf } from './harness/figures.js';
import type { JsonBody } from './harness/api-client.js';
import { noticeClosedConnections, tableOf } from './harness/table.js';
import { onlineRetail, ready, startDataset } from './harness/uploads.js';

type Row = Record<string, string>;

const NUMBERS = ['Quantity', 'UnitPrice', 'CustomerID'];
const REFERENCE = join(process.env['TEST_DATA_DIR'] || '.', 'reference.json');

let system: System;
let tenant: Tenant;
let retailId: string;
let rows: Row[];

async function datasetOf(content: string | Buffer): Promise<string> {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
  await ready(tenant.viewer.api, upload.id);
  return dataset.id;
}

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const { csv } = onlineRetail();
  rows = await tableOf(csv);
  retailId = await datasetOf(csv);
});
afterEach(noticeClosedConnections);
afterAll(() => system.stop());

const ask = (query = '', id = retailId): Promise<Answer> =>
  tenant.viewer.api.get(`/datasets/${id}/stats${query}`);
const stats = async (query = '', id = retailId): Promise<JsonBody> => expectStatus(await ask(query, id), 200);
const cellsOf = (some: readonly Row[], column: string): string[] => some.map((row) => row[column] ?? '');

describe('stats of a dataset', () => {
  it('are those of all numeric columns, to nine digits', async () => {
    const answer = await stats();
    expect(answer).toMatchObject({ count: rows.length, filters: [] });
    expect(Object.keys(answer.columns)).toEqual(NUMBERS);
    for (const column of NUMBERS)
      expect(differences(answer.columns[column], figuresOf(cellsOf(rows, column)))).toEqual([]);
    expect(answer).not.toHaveProperty('groups');
    expect(answer).not.toHaveProperty('message');
  });

  it.runIf(existsSync(REFERENCE))('have the reference’s extremes and nulls', async () => {
    const { online_retail: known } = JSON.parse(readFileSync(REFERENCE, 'utf8'));
    const { count, columns } = await stats();
    expect(count).toBe(known.rows);
    expect(columns.Quantity).toMatchObject({ min: known.quantity_min, max: known.quantity_max });
    expect(columns.UnitPrice).toMatchObject({ min: known.price_min, max: known.price_max });
    expect(columns.CustomerID.nulls).toBe(known.empty.CustomerID);
  });

  it('are those of the rows that filters leave', async () => {
    const answer = await stats('?column=UnitPrice&filter[Country]=France&filter[Quantity][gte]=5');
    const left = rows.filter(({ Country, Quantity }) => Country === 'France' && Number(Quantity) >= 5);
    expect(left.length).toBeGreaterThan(1);
    expect(answer.count).toBe(left.length);
    expect(answer.filters).toEqual([
      { column: 'Country', operator: 'eq', value: 'France' },
      { column: 'Quantity', operator: 'gte', value: '5' },
    ]);
    expect(Object.keys(answer.columns)).toEqual(['UnitPrice']);
    expect(differences(answer.columns.UnitPrice, figuresOf(cellsOf(left, 'UnitPrice')))).toEqual([]);
  });

  it('stand by groups as well, the largest first', async () => {
    const { groups, groupCount, columns } = await stats('?column=UnitPrice,Quantity&groupBy=Country');
    const countries = counted(cellsOf(rows, 'Country'));
    expect(groupCount).toBe(countries.length);
    expect(groups.map(({ key, count }: JsonBody) => [key.Country, count])).toEqual(countries);
    for (const { key, columns: figures } of groups) {
      const own = rows.filter(({ Country }) => Country === key.Country);
      expect(differences(figures.UnitPrice, figuresOf(cellsOf(own, 'UnitPrice')))).toEqual([]);
      expect(differences(figures.Quantity, figuresOf(cellsOf(own, 'Quantity')))).toEqual([]);
    }
    expect(differences(columns.UnitPrice, figuresOf(cellsOf(rows, 'UnitPrice')))).toEqual([]);
  });

  it('page through many groups, of several columns too; a missing value is a group', async () => {
    const expected = counted(cellsOf(rows, 'CustomerID'));
    const query = '?column=Quantity&groupBy=CustomerID&pageSize=7';
    const { groups, groupCount } = await stats(query);
    expect(groupCount).toBe(expected.length);
    expect(groups.map(({ count }: JsonBody) => count)).toEqual(
      expected.slice(0, 7).map(([, count]) => count),
    );
    expect(groups[0].key).toEqual({ CustomerID: expected[0]?.[0] === '' ? null : Number(expected[0]?.[0]) });
    const second = await stats(`${query}&page=2`);
    expect(second.groups.map(({ count }: JsonBody) => count)).toEqual(
      expected.slice(7, 14).map(([, count]) => count),
    );
    expect(await stats(`${query}&page=99999`)).toMatchObject({ groups: [], groupCount: expected.length });
    const pairs = counted(rows.map(({ Country, StockCode }) => `${Country}|${StockCode}`));
    const two = await stats('?column=Quantity&groupBy=Country&groupBy=StockCode&pageSize=1');
    expect(two.groupCount).toBe(pairs.length);
    expect(two.groups[0].count).toBe(pairs[0]?.[1]);
  });

  it('tell count, nulls and extremes of what is no number', async () => {
    const { columns } = await stats('?column=InvoiceDate,Description');
    const described = cellsOf(rows, 'Description').filter((cell) => cell !== '');
    expect(columns.Description).toMatchObject({
      count: described.length,
      nulls: rows.length - described.length,
    });
    expect(Object.keys(columns.Description).sort()).toEqual(['count', 'max', 'min', 'nulls']);
    const { firstAt, lastAt } = onlineRetail();
    expect(columns.InvoiceDate).toEqual({
      count: rows.length,
      nulls: 0,
      min: `${firstAt}Z`,
      max: `${lastAt}Z`,
    });
  });

  it('say it where nothing matches', async () => {
    expect(await stats('?column=UnitPrice&groupBy=Country&filter[Country]=Atlantis')).toEqual({
      count: 0,
      filters: [{ column: 'Country', operator: 'eq', value: 'Atlantis' }],
      columns: {},
      message: 'Filter returned no objects',
    });
    const { id } = expectStatus(
      await tenant.analyst.api.post('/datasets', { customerId: tenant.customerId, name: 'Empty' }),
      201,
    );
    expect(await stats('', id)).toEqual({
      count: 0,
      filters: [],
      columns: {},
      message: 'Filter returned no objects',
    });
  });

  it.each([
    'filter[Quantity]=many',
    'filter[InvoiceDate][gte]=yesterday',
    'column=Nowhere',
    'groupBy=Nowhere',
    'page=0',
    'page=1&page=2',
    'limit=3',
  ])('refuse %s with 400', async (query) => {
    expect(await ask(`?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  });

  it('are kept for the next who asks, whatever the order of the filters', async () => {
    const filters = ['filter[Country]=Spain', 'filter[Quantity][gt]=1'];
    expect((await ask(`?${filters.join('&')}`)).headers.get('x-cache')).toBe('miss');
    const again = await ask(`?${filters.toReversed().join('&')}`);
    expect(again.headers.get('x-cache')).toBe('hit');
    expect(again.body.filters[0].column).toBe('Quantity');
  });

  it('add decimals exactly and survive any name', async () => {
    const id = await datasetOf('"a, b",__proto__,big\n0.1,3,9007199254740993\n0.2,,1\n');
    const { columns } = await stats('?column=a, b,__proto__,big', id);
    expect(columns['a, b']).toMatchObject({ sum: 0.3, mean: 0.15, p50: 0.15000000000000002 });
    expect(Object.getOwnPropertyDescriptor(columns, '__proto__')?.value).toMatchObject({
      sum: 3,
      stddev: null,
      nulls: 1,
    });
    expect(columns.big).toMatchObject({ max: '9007199254740993', min: 1 });
  });

  it('are as exact where there are too many values to hold', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `v${index}`);
    const records = Array.from({ length: 100_100 }, (_, row) =>
      names.map((_name, at) => (row * 7919 + at * 104_729) % 1009),
    );
    const id = await datasetOf(
      `${names.join(',')}\n${records.map((record) => record.join(',')).join('\n')}\n`,
    );
    const { columns } = await stats('', id);
    for (const [name, at] of [
      ['v0', 0],
      ['v39', 39],
    ] as const) {
      expect(differences(columns[name], figuresOf(records.map((record) => String(record[at]))))).toEqual([]);
    }
  });
});
