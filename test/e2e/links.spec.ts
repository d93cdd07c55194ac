import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import type { JsonBody } from './harness/api-client.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const datasetOf = async (content: string, fields: Record<string, string> = {}): Promise<string> => {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content, fields);
  await ready(tenant.viewer.api, upload.id);
  return dataset.id;
};

const add = async (
  datasetId: string,
  content: string,
  fields: Record<string, string> = {},
): Promise<string> => {
  const sent = await tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm(fields, content));
  const { upload } = expectStatus(sent, 202);
  await ready(tenant.viewer.api, upload.id);
  return upload.id;
};

const link = (body: Record<string, string>): Promise<Answer> => tenant.analyst.api.post('/links', body);
const get = async (path: string): Promise<JsonBody> => expectStatus(await tenant.viewer.api.get(path), 200);

/** A note that no other file has keeps the same rows from being the same bytes. */
const table = (header: string, rows: string[]): string => {
  const note = unique('n');
  return [`${header},note`, ...rows.map((row) => `${row},${note}`), ''].join('\n');
};
/** Orders that point at shoppers. */
const orders = (...rows: string[]): string => table('order,shopper', rows);
const shoppers = (...rows: string[]): string => table('id,name', rows);

async function linkedPair(
  from = orders('A1,1', 'A2,2', 'A3,2', 'A4,', 'A5,7', 'A6,7', 'A7,8'),
  to = shoppers('1,Ann', '2,Bob', '3,Cyd'),
): Promise<{ fromId: string; toId: string; made: JsonBody }> {
  const [fromId, toId] = [await datasetOf(from), await datasetOf(to)];
  const body = { fromDatasetId: fromId, fromColumn: 'shopper', toDatasetId: toId, toColumn: 'id' };
  return { fromId, toId, made: expectStatus(await link(body), 201) };
}

describe('a link', () => {
  it('tells at once how many rows find theirs, and which do not', async () => {
    const { fromId, made } = await linkedPair();
    expect(made).toMatchObject({
      customerId: tenant.customerId,
      name: null,
      status: 'checked',
      matchRate: 3 / 6,
      rowCount: 7,
      nullCount: 1,
      matchedCount: 3,
      orphanCount: 3,
      orphanValueCount: 2,
      ambiguousValueCount: 0,
    });
    expect(await get(`/links/${made.id}`)).toEqual(made);
    expect((await get(`/links?datasetId=${fromId}`)).results).toEqual([made]);
    const orphans = await get(`/links/${made.id}/orphans?pageSize=2`);
    expect(orphans).toMatchObject({ count: 3, next: expect.stringContaining('page=2') });
    expect(orphans.results).toMatchObject([
      { value: 7, rowNumber: 5, row: { order: 'A5', shopper: 7 } },
      { value: 7, rowNumber: 6, row: { order: 'A6', shopper: 7 } },
    ]);
    const csv = await tenant.viewer.api.get(`/links/${made.id}/orphans`, { headers: { accept: 'text/csv' } });
    expect(csv.headers.get('x-row-count')).toBe('3');
    expect(csv.text.split('\r\n').slice(1)).toEqual([
      expect.stringMatching(/^A5,7,n-/),
      expect.stringMatching(/^A6,7,n-/),
      expect.stringMatching(/^A7,8,n-/),
      '',
    ]);
  });

  it('follows its data: rows that arrive later, also by upsert, and rows that are undone', async () => {
    const { fromId, toId, made } = await linkedPair();
    const rate = async (): Promise<number> => (await get(`/links/${made.id}`)).matchRate;
    const late = await add(toId, shoppers('7,Gus'));
    expect(await get(`/links/${made.id}`)).toMatchObject({
      status: 'checked',
      matchRate: 5 / 6,
      orphanCount: 1,
    });
    expect((await get(`/links/${made.id}/orphans`)).results).toMatchObject([{ value: 8 }]);
    await add(fromId, orders('A7,3'), { mode: 'upsert', keyColumns: 'order' });
    expect(await rate()).toBe(1);
    expectStatus(await tenant.analyst.api.delete(`/uploads/${late}`), 204);
    expect(await rate()).toBe(4 / 6);
  });

  it('is checked by the worker that publishes, before anybody looks', async () => {
    const { toId, made } = await linkedPair();
    await add(toId, shoppers('8,Hal'));
    const kept = async (): Promise<JsonBody> =>
      (await system.database.query('SELECT last_check FROM links WHERE id = $1', [made.id])).rows[0]
        .last_check;
    await expect.poll(async () => (await kept()).counts.orphans, { timeout: 20_000 }).toBe(2);
  });

  it.each([
    ['numbers and texts', ['1', '2', 'x'], ['01', '1', '2'], 2 / 3],
    ['whole numbers and decimals', ['1', '2', '3'], ['1.00', '2.50', '3.0'], 2 / 3],
    ['dates and times', ['2024-01-01', '2024-01-02'], ['2024-01-01 00:00:00', '2024-01-02 10:00:00'], 1 / 2],
    ['texts byte for byte', ['a', 'A', 'a '], ['a', 'b'], 1 / 3],
  ])('matches %s', async (_what, from, to, rate) => {
    const { made } = await linkedPair(
      orders(...from.map((value) => `O,${value}`)),
      shoppers(...to.map((value) => `${value},N`)),
    );
    expect(made.matchRate).toBe(rate);
  });

  it('between datasets without data waits for them', async () => {
    const empty = async (): Promise<string> =>
      expectStatus(
        await tenant.analyst.api.post('/datasets', { customerId: tenant.customerId, name: unique('empty') }),
        201,
      ).id;
    const [fromDatasetId, toDatasetId] = [await empty(), await empty()];
    const made = expectStatus(
      await link({ fromDatasetId, fromColumn: 'shopper', toDatasetId, toColumn: 'id' }),
      201,
    );
    expect(made).toMatchObject({ status: 'empty', matchRate: null, orphanCount: null });
    expect((await tenant.viewer.api.get(`/links/${made.id}/orphans`)).status).toBe(422);
    await add(fromDatasetId, orders('A1,1'));
    await add(toDatasetId, table('key', ['1']));
    expect(await get(`/links/${made.id}`)).toMatchObject({ status: 'broken', matchRate: null });
    await add(toDatasetId, shoppers('1,Ann'), { mode: 'replace' });
    expect(await get(`/links/${made.id}`)).toMatchObject({ status: 'checked', matchRate: 1 });
  });

  it('is refused where it makes no sense, and gone with a dataset', async () => {
    const { fromId, toId, made } = await linkedPair();
    const body = { fromDatasetId: fromId, fromColumn: 'shopper', toDatasetId: toId, toColumn: 'id' };
    expect(await link(body)).toMatchObject({ status: 409, body: { code: 'duplicate' } });
    const refused = async (change: Record<string, string>): Promise<string[]> => {
      const answer = await link({ ...body, ...change });
      expect(answer.status).toBe(400);
      return Object.keys(answer.body.fields);
    };
    expect(await refused({ fromColumn: 'colour' })).toEqual(['fromColumn']);
    expect(await refused({ toColumn: 'colour' })).toEqual(['toColumn']);
    expect(await refused({ toDatasetId: fromId, toColumn: 'shopper' })).toEqual(['toColumn']);
    expect(await refused({ toColumn: 'i\0d' })).toEqual(['toColumn']);
    const stranger = await system.make.tenant('stranger');
    const { dataset, upload } = await startDataset(stranger.owner, stranger, shoppers('1,Ann'));
    await ready(stranger.owner.api, upload.id);
    expect((await link({ ...body, toDatasetId: dataset.id })).status).toBe(404);
    expect((await link({ ...body, fromDatasetId: dataset.id })).status).toBe(404);
    expectStatus(await stranger.owner.api.get(`/links/${made.id}`), 404);
    expect((await stranger.owner.api.get('/links')).body.count).toBe(0);
    expectStatus(await stranger.owner.api.get(`/datasets/${dataset.id}/rows?include=${made.id}`), 404);
    expectStatus(await tenant.analyst.api.delete(`/datasets/${toId}`), 204);
    expectStatus(await tenant.viewer.api.get(`/links/${made.id}`), 404);
    expect((await get(`/links?datasetId=${fromId}`)).count).toBe(0);
  });
});

const nested = (name: string, id: number): JsonBody => expect.objectContaining({ id, name });
const ordersOfOne = (count: number): string[] => Array.from({ length: count }, (_, at) => `A${at},1`);

describe('rows with include', () => {
  it('nest the row they point at, or all rows that point at them', async () => {
    const { fromId, toId, made } = await linkedPair();
    const orderRows = (await get(`/datasets/${fromId}/rows?include=${made.id}&columns=order`)).results;
    expect(orderRows).toEqual([
      { order: 'A1', [made.id]: nested('Ann', 1) },
      { order: 'A2', [made.id]: nested('Bob', 2) },
      { order: 'A3', [made.id]: nested('Bob', 2) },
      ...['A4', 'A5', 'A6', 'A7'].map((order) => ({ order, [made.id]: null })),
    ]);
    const shopperRows = (await get(`/datasets/${toId}/rows?include=${made.id}&ordering=-name`)).results;
    const placed = shopperRows.map((row: JsonBody) => [
      row.name,
      row[made.id].map(({ order }: JsonBody) => order),
    ]);
    expect(placed).toEqual([
      ['Cyd', []],
      ['Bob', ['A2', 'A3']],
      ['Ann', ['A1']],
    ]);
  });

  it('see what came since they were last asked', async () => {
    const { fromId, toId, made } = await linkedPair();
    const path = `/datasets/${fromId}/rows?include=${made.id}&filter[order]=A7`;
    expect((await get(path)).results[0][made.id]).toBeNull();
    await add(toId, shoppers('8,Hal'));
    expect((await get(path)).results[0][made.id]).toMatchObject({ name: 'Hal' });
  });

  it('are refused where the link leads elsewhere or there are too many', async () => {
    const { made } = await linkedPair();
    const other = await datasetOf(orders('A1,1'));
    const asked = (query: string): Promise<Answer> =>
      tenant.viewer.api.get(`/datasets/${other}/rows?${query}`);
    expect(await asked(`include=${made.id}`)).toMatchObject({
      status: 400,
      body: { fields: { include: [expect.any(String)] } },
    });
    expect((await asked('include=nothing')).status).toBe(400);
    expect((await asked('include=019aa7c4-0000-7000-8000-000000000001')).status).toBe(404);
    const full = await linkedPair(orders(...ordersOfOne(10_000)));
    const path = `/datasets/${full.toId}/rows?include=${full.made.id}`;
    expect((await get(path)).results[0][full.made.id]).toHaveLength(10_000);
    await add(full.fromId, orders('B1,1'));
    expect(await tenant.viewer.api.get(path)).toMatchObject({
      status: 400,
      body: { code: 'invalid_parameter' },
    });
  });
});
