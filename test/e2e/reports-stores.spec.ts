import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { finishedReport, ready, startDataset } from './harness/uploads.js';

let system: System;
beforeAll(async () => {
  system = await startSystem({ workers: 1 });
});
afterAll(() => system.stop());

/** Sales of as many shoppers, three orders each. */
const sales = (shoppers: number, prefix: string): string =>
  `customer,order,date,amount\n${Array.from(
    { length: 3 * shoppers },
    (_, row) =>
      `${prefix}${row % shoppers},${prefix}${row},2024-0${1 + (row % 9)}-1${row % 7},${10 + ((row * 7) % 50)}\n`,
  ).join('')}`;

async function storeWith(tenant: Tenant, csv: string, currency?: string): Promise<string> {
  const path = `/customers/${tenant.customerId}/stores`;
  const body = { name: unique('store'), ...(currency !== undefined && { currency }) };
  const storeId: string = expectStatus(await tenant.owner.api.post(path, body), 201).id;
  const { upload } = await startDataset(tenant.analyst, tenant, csv, { storeId });
  await ready(tenant.viewer.api, upload.id);
  return storeId;
}

const ask = ({ analyst, customerId }: Tenant, body: object) =>
  analyst.api.post('/reports', { customerId, ...body });

const childOf = ({ children }: JsonBody, store: string): JsonBody =>
  children.find(({ storeId }: JsonBody) => storeId === store);

describe('a report per store', () => {
  let tenant: Tenant;
  let north: string;
  let south: string;
  let tiny: string;
  let whole: JsonBody;

  beforeAll(async () => {
    tenant = await system.make.tenant();
    north = await storeWith(tenant, sales(20, 'n'));
    south = await storeWith(tenant, sales(30, 's'));
    tiny = await storeWith(tenant, sales(2, 't'));
    const elsewhere = await startDataset(tenant.analyst, tenant, sales(40, 'e'));
    await ready(tenant.viewer.api, elsewhere.upload.id);
    const { report } = expectStatus(await ask(tenant, { perStore: true, k: 3 }), 202);
    whole = await finishedReport(tenant.viewer.api, report.id);
  });

  it('is one over all stores, and one for each that has enough shoppers', async () => {
    expect(whole).toMatchObject({ status: 'succeeded', storeId: null, data: { shoppers: 52 } });
    expect(whole.params).toMatchObject({ perStore: true, storeIds: [north, south, tiny].toSorted() });
    const children = new Map<string, JsonBody>(
      whole.children.map((child: JsonBody) => [child.storeId, child]),
    );
    expect(children.get(tiny)).toMatchObject({
      reportId: null,
      status: null,
      error: { code: 'unprocessable', message: expect.stringContaining('2 shoppers') },
    });
    for (const [storeId, shoppers] of [
      [north, 20],
      [south, 30],
    ] as const) {
      const child = await finishedReport(tenant.viewer.api, children.get(storeId).reportId);
      expect(child).toMatchObject({ status: 'succeeded', storeId, data: { shoppers }, children: null });
      expect(child.params).toMatchObject({ storeId, perStore: false, k: 3 });
    }
  });

  it('is the same when it is asked for again, as are its children', async () => {
    const again = await ask(tenant, { perStore: true, k: 3, storeIds: [tiny, south, north] });
    expect(expectStatus(again, 200).report.children).toMatchObject(
      whole.children.map(({ storeId, reportId }: JsonBody) => ({ storeId, reportId })),
    );
    const single = await ask(tenant, { storeId: north, k: 3 });
    const { reportId } = childOf(whole, north);
    expect(expectStatus(single, 200).report.id).toBe(reportId);
  });

  it('makes again what was deleted of it', async () => {
    const { reportId } = childOf(whole, south);
    expectStatus(await tenant.analyst.api.delete(`/reports/${reportId}`), 204);
    const without = expectStatus(await tenant.viewer.api.get(`/reports/${whole.id}`), 200);
    expect(childOf(without, south)).toMatchObject({ reportId: null, status: null });
    const asked = expectStatus(await ask(tenant, { perStore: true, k: 3 }), 200).report;
    expect(asked.id).toBe(whole.id);
    expect((await finishedReport(tenant.viewer.api, childOf(asked, south).reportId)).status).toBe(
      'succeeded',
    );
  });

  it('takes the stores that are named', async () => {
    const { report } = expectStatus(
      await ask(tenant, { perStore: true, k: 3, storeIds: [north, south] }),
      202,
    );
    expect(report.children.map(({ storeId }: JsonBody) => storeId)).toEqual([north, south].toSorted());
    expect((await finishedReport(tenant.viewer.api, report.id)).data.shoppers).toBe(50);
    expect(await ask(tenant, { perStore: true, storeId: north })).toMatchObject({ status: 400 });
    expect(await ask(tenant, { perStore: true, storeIds: [tenant.customerId] })).toMatchObject({
      status: 404,
    });
  });
});

describe('stores that cannot be put together', () => {
  it('are refused whole: two currencies, no data', async () => {
    const mixed = await system.make.tenant();
    expect(expectStatus(await ask(mixed, { perStore: true }), 422).detail).toMatch(/No store has data/);
    await storeWith(mixed, sales(20, 'a'), 'EUR');
    await storeWith(mixed, sales(20, 'b'), 'GBP');
    expect(expectStatus(await ask(mixed, { perStore: true }), 422).detail).toMatch(/different currencies/);
    const { count } = expectStatus(
      await mixed.viewer.api.get(`/reports?customerId=${mixed.customerId}`),
      200,
    );
    expect(count).toBe(0);
  });
});
