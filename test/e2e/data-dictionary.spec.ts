import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import type { JsonBody } from './harness/api-client.js';
import { startBundle } from './harness/bundles.js';

/** Namespaces have columns of databases, columns mean data points: three files that belong together. */
const NAMESPACES = `namespace_id,namespace_option_name
N1,Sales
N2,Stock
N3,Unused
`;
const COLUMNS = `column_id,namespace_id,database,table,column,data_point_id
1,N1,crm,orders,buyer,D1
2,N1,crm,orders,amount,D2
3,N1,dwh,facts,amount,D2
4,N2,erp,items,sku,D3
5,N2,erp,items,colour,D9
`;
const DATA_POINTS = `data_point_id,name,abbreviations,possible_values
D1,Shopper,SHP|CUST,
D2,Amount,AMT,
D3,Product,PRD|SKU|ART,any
`;

let system: System;
let tenant: Tenant;
let ids: { namespaces: string; columns: string; points: string };
let links: { columns: string; point: string };

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const files = [
    ['namespaces.csv', NAMESPACES],
    ['columns.csv', COLUMNS],
    ['datapoints.csv', DATA_POINTS],
  ] as const;
  const { bundle } = await startBundle(tenant.analyst, tenant, files, [
    { name: 'columns', from: 'columns.namespace_id', to: 'namespaces.namespace_id' },
    { name: 'point', from: 'columns.data_point_id', to: 'datapoints.data_point_id' },
  ]);
  const view = await until('the bundle', async () => {
    const answer = await get(`/bundles/${bundle.id}`);
    return answer.bundle.status === 'succeeded' && answer;
  });
  const [namespaces, columns, points] = view.datasets.map(({ id }: JsonBody) => id);
  ids = { namespaces, columns, points };
  const [toNamespace, toPoint] = view.bundle.links.map(({ id }: JsonBody) => id);
  links = { columns: toNamespace, point: toPoint };
});
afterAll(() => system.stop());

const get = async (path: string): Promise<JsonBody> => expectStatus(await tenant.viewer.api.get(path), 200);
const values = async (column: string, filters: string): Promise<string[]> =>
  (await get(`/datasets/${ids.columns}/values?column=${column}&ordering=value${filters}`)).results.map(
    ({ value }: JsonBody) => value,
  );
const exported = (id: string, query: string): Promise<JsonBody> =>
  get(`/datasets/${id}/export?format=json&nest=true&${query}`);

const point = (id: string, name: string, abbreviations: unknown, possible: string | null = null) => ({
  data_point_id: id,
  name,
  abbreviations,
  possible_values: possible,
});

const askedOfColumns = async (query: string): Promise<number> =>
  (await tenant.viewer.api.get(`/datasets/${ids.columns}/${query}`)).status;

describe('a chain of three datasets', () => {
  it('is browsed by values, each choice narrowing the next', async () => {
    expect(await values('namespace_id', '')).toEqual(['N1', 'N2']);
    const chosen = '&filter[namespace_id]=N1';
    expect(await values('database', chosen)).toEqual(['crm', 'dwh']);
    expect(await values('table', `${chosen}&filter[database]=crm`)).toEqual(['orders']);
    const table = `${chosen}&filter[database]=crm&filter[table]=orders`;
    expect(await values('column', table)).toEqual(['amount', 'buyer']);
    const rows = await get(
      `/datasets/${ids.columns}/rows?include=${links.point}&filter[column]=buyer${table}&split=abbreviations`,
    );
    expect(rows.results).toMatchObject([{ column: 'buyer', point: point('D1', 'Shopper', ['SHP', 'CUST']) }]);
  });

  it('is exported as nested JSON from its top, with lists for cells that hold several', async () => {
    const all = await exported(ids.namespaces, `include=${links.point},${links.columns}&split=abbreviations`);
    expect(all.map((row: JsonBody) => [row.namespace_id, row.columns.length])).toEqual([
      ['N1', 3],
      ['N2', 2],
      ['N3', 0],
    ]);
    const [sales, stock] = all;
    expect(sales.columns[0]).toEqual({
      column_id: 1,
      namespace_id: 'N1',
      database: 'crm',
      table: 'orders',
      column: 'buyer',
      data_point_id: 'D1',
      point: point('D1', 'Shopper', ['SHP', 'CUST']),
    });
    expect(sales.columns[2].point).toEqual(point('D2', 'Amount', ['AMT']));
    expect(stock.columns.map((row: JsonBody) => row.point?.name ?? null)).toEqual(['Product', null]);
  });

  it('is exported from its middle, and filtered', async () => {
    const query = `include=${links.columns},${links.point}&filter[database]=crm&columns=column`;
    const amount = { column: 'amount', columns: { namespace_id: 'N1', namespace_option_name: 'Sales' } };
    const buyer = { ...amount, column: 'buyer' };
    expect(await exported(ids.columns, query)).toEqual([
      { ...buyer, point: point('D1', 'Shopper', 'SHP|CUST') },
      { ...amount, point: point('D2', 'Amount', 'AMT') },
    ]);
  });

  it('is the same in pages of rows as in exports', async () => {
    const query = `include=${links.point},${links.columns}&split=abbreviations,possible_values`;
    for (const id of Object.values(ids)) {
      const rows = await get(`/datasets/${id}/rows?${query}`);
      expect(await exported(id, query)).toEqual(rows.results);
    }
  });

  it('refuses to split what is no text, and to nest in CSV', async () => {
    expect(await askedOfColumns('rows?split=column_id')).toBe(400);
    expect(await askedOfColumns(`rows?split=abbreviations`)).toBe(400);
    expect(await askedOfColumns(`export?format=csv&include=${links.point}&nest=true`)).toBe(400);
  });
});

describe('anomalies of a dataset', () => {
  it('are looked for across files and links, by a task of their own', async () => {
    const path = `/datasets/${ids.columns}/process`;
    const { task } = expectStatus(await tenant.analyst.api.post(path, { kind: 'anomalies' }), 202);
    expect(task).toMatchObject({ kind: 'anomalies', datasetId: ids.columns });
    const { result } = await until('the task', async () => {
      const answer = await get(`/tasks/${task.id}`);
      return answer.status === 'succeeded' && answer;
    });
    expect(result).toMatchObject({ datasetId: ids.columns, rowCount: 5 });
    expect(result.anomalies).toEqual([
      {
        type: 'orphan',
        column: 'data_point_id',
        count: 1,
        message: expect.any(String),
        linkId: links.point,
      },
    ]);
    const listed = await get(`/tasks?datasetId=${ids.columns}&kind=anomalies`);
    expect(listed.results.map(({ id }: JsonBody) => id)).toEqual([task.id]);
    const refused = await tenant.analyst.api.post(path, { kind: 'anomalies', params: { k: 3 } });
    expect(refused).toMatchObject({ status: 400, body: { fields: { 'params.k': [expect.any(String)] } } });
  });
});
