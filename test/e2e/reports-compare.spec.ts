import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { csvForm, finishedReport, ready, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;
let before: JsonBody;
let after: JsonBody;

/** Each shopper as days since the start of 2024 on which it orders, and what it spends each time. */
type Sales = Record<string, { days: number[]; amount: number }>;

const HEADER = 'customer,order,date,amount\n';
const dayOf = (days: number): string => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10);
const csvOf = (sales: Sales): string =>
  HEADER +
  Object.entries(sales)
    .flatMap(([shopper, { days, amount }]) =>
      days.map((day) => `${shopper},${shopper}-${day},${dayOf(day)},${amount}\n`),
    )
    .join('');

/** Good ones that order every ten days and spend much, and others that were there twice. */
function firstHalf(): Sales {
  const sales: Sales = {};
  for (let index = 0; index < 20; index += 1) {
    const days = Array.from({ length: 10 }, (_, order) => 10 * order + (index % 5));
    sales[`good${index}`] = { days, amount: 100 + index };
    sales[`rare${index}`] = { days: [index % 7, 20 + (index % 7)], amount: 5 + (index % 3) };
  }
  return sales;
}

/** Half a year later: good0…good4 never came back, good5 is gone from the files, two are new. */
function secondHalf(): Sales {
  const sales = firstHalf();
  for (let index = 5; index < 20; index += 1) {
    sales[`good${index}`]?.days.push(...Array.from({ length: 8 }, (_, order) => 100 + 10 * order));
  }
  delete sales['good5'];
  for (const name of ['new0', 'new1']) sales[name] = { days: [150, 170], amount: 8 };
  return sales;
}

const request = { k: 2, features: ['recencyDays'] };

async function made(by = tenant, body: object = request): Promise<JsonBody> {
  const asked = await by.analyst.api.post('/reports', { customerId: by.customerId, ...body });
  return finishedReport(by.viewer.api, expectStatus(asked, 202).report.id);
}

const compare = async (query = ''): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/reports/${before.id}/compare/${after.id}${query}`), 200);

async function segmentsOf({ id }: JsonBody): Promise<Map<string, number>> {
  const { body } = await tenant.viewer.api.get(`/reports/${id}/export?format=json`);
  return new Map(body.map(({ shopperId, segment }: JsonBody) => [shopperId, segment]));
}

const moversOf = async (query: string): Promise<string[]> =>
  (await compare(query)).movers.results.map(({ shopperId }: JsonBody) => shopperId);

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, csvOf(firstHalf()));
  await ready(tenant.viewer.api, upload.id);
  before = await made();
  const form = csvForm({ mode: 'replace' }, csvOf(secondHalf()));
  const replaced = await tenant.analyst.api.post(`/datasets/${dataset.id}/uploads`, form);
  await ready(tenant.viewer.api, expectStatus(replaced, 202).upload.id);
  after = await made();
});
afterAll(() => system.stop());

describe('two reports of a customer', () => {
  it('are compared shopper by shopper: from which segment to which', async () => {
    const { from, to, matrix, totals, ...rest } = await compare();
    expect(from).toMatchObject({ reportId: before.id, shoppers: 40, asOf: before.data.asOf });
    expect(to).toMatchObject({ reportId: after.id, shoppers: 41 });
    const [was, is] = [await segmentsOf(before), await segmentsOf(after)];
    const counted = [
      [0, 0],
      [0, 0],
    ];
    for (const [shopper, segment] of is) {
      const row = counted[was.get(shopper) ?? -1];
      if (row !== undefined) row[segment] = (row[segment] ?? 0) + 1;
    }
    expect(matrix).toEqual(counted);
    expect(rest.gone).toEqual([1, 0]);
    expect(rest.new).toEqual([2, 0]);
    expect(totals).toEqual({ moved: 5, stayed: 34, new: 2, gone: 1 });
    expect(to.segments.map(({ continues }: JsonBody) => continues.index)).toEqual([0, 1]);
    expect(after.segments.map(({ continues }: JsonBody) => continues)).toEqual(
      to.segments.map(({ continues: { name: _name, ...continues } }: JsonBody) => ({
        reportId: before.id,
        ...continues,
      })),
    );
  });

  it('name those who moved and why', async () => {
    const { movers, from, to } = await compare('?pageSize=2&page=3');
    expect(movers).toMatchObject({ count: 5, next: null });
    expect(movers.results).toEqual([
      {
        shopperId: 'good4',
        from: { index: 0, label: from.segments[0].label, name: from.segments[0].name },
        to: { index: 1, label: to.segments[1].label, name: to.segments[1].name },
        reason: expect.stringMatching(/^recency \d+ → \d+ days$/),
      },
    ]);
    const was = await tenant.viewer.api.get(`/reports/${before.id}/members/good4`);
    const is = await tenant.viewer.api.get(`/reports/${after.id}/members/good4`);
    expect(movers.results[0].reason).toBe(
      `recency ${was.body.features.recencyDays} → ${is.body.features.recencyDays} days`,
    );
  });

  it('list who is new, gone or stayed', async () => {
    expect(await moversOf('?change=new')).toEqual(['new0', 'new1']);
    expect(await moversOf('?change=gone')).toEqual(['good5']);
    expect(await moversOf('?change=stayed&from=0&pageSize=100')).toHaveLength(14);
    expect(await moversOf('?change=moved&from=1')).toEqual([]);
  });

  it('are the same where a report is compared with itself', async () => {
    const same = await tenant.viewer.api.get(`/reports/${after.id}/compare/${after.id}`);
    expect(expectStatus(same, 200).totals).toEqual({ moved: 0, stayed: 41, new: 0, gone: 0 });
  });
});

describe('a comparison that cannot be', () => {
  it('is refused: other customers, unknown reports, reports that are not finished', async () => {
    const stranger = await system.make.tenant();
    const { upload } = await startDataset(stranger.analyst, stranger, csvOf(firstHalf()));
    await ready(stranger.viewer.api, upload.id);
    const theirs = await made(stranger);
    const status = async (id: string): Promise<number> =>
      (await tenant.viewer.api.get(`/reports/${before.id}/compare/${id}`)).status;
    expect(await status(theirs.id)).toBe(404);
    expect(await status(tenant.customerId)).toBe(404);
    expect(await status('nothing')).toBe(404);
    const bad = await tenant.viewer.api.get(`/reports/${before.id}/compare/${after.id}?change=sideways`);
    expect(bad.status).toBe(400);
    // An administrator sees both customers, but their shoppers have nothing to do with each other.
    expect((await system.admin.api.get(`/reports/${before.id}/compare/${theirs.id}`)).status).toBe(404);
    const asked = await tenant.analyst.api.post('/reports', { customerId: tenant.customerId, seed: 9 });
    const { report, task } = expectStatus(asked, 202);
    expectStatus(await tenant.analyst.api.post(`/tasks/${task.id}/cancel`), 200);
    await finishedReport(tenant.viewer.api, report.id);
    expect(await status(report.id)).toBe(409);
  });
});
