import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { finishedReport, ready, startDataset } from './harness/uploads.js';

const EXACT = 100;
const LEAST = 10;
const GROUPS = 100;

let system: System;
beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { EXACT_SILHOUETTE_SHOPPERS: String(EXACT) } });
});
afterAll(() => system.stop());

/** So many shoppers, no two of them alike. */
const sales = (shoppers: number): string =>
  `customer,order,date,amount\n${Array.from(
    { length: 3 * shoppers },
    (_, row) =>
      `S${row % shoppers},O${row},2024-0${1 + (row % 9)}-${10 + (row % 19)},${10 + ((row * row) % 977)}\n`,
  ).join('')}`;

async function tenantWith(csv: string): Promise<Tenant> {
  const tenant = await system.make.tenant();
  const { upload } = await startDataset(tenant.analyst, tenant, csv);
  await ready(tenant.viewer.api, upload.id);
  return tenant;
}

const ask = ({ analyst, customerId }: Tenant, body: object) =>
  analyst.api.post('/reports', { customerId, ...body });

async function made(tenant: Tenant, body: object = {}): Promise<JsonBody> {
  const { report } = expectStatus(await ask(tenant, body), 202);
  return finishedReport(tenant.viewer.api, report.id);
}

/** A report on the groups that a column gives. */
const grouped = async (groups: number): Promise<JsonBody> => {
  const rows = Array.from({ length: 3 * groups }, (_, row) => `${row},g${row % groups},${row % 7}`);
  const tenant = await tenantWith(`CustomerID,Club,Visits\n${rows.join('\n')}\n`);
  return made(tenant, { groupBy: 'Club', transform: 'none' });
};

describe('the limits of a report', () => {
  it('at MIN_SHOPPERS: one less is too few', async () => {
    const { detail, code } = expectStatus(await ask(await tenantWith(sales(LEAST - 1)), {}), 422);
    expect(code).toBe('unprocessable');
    expect(detail).toMatch(/only 9 shoppers .* at least 10/);
  });

  it.each([LEAST, LEAST + 1])('at MIN_SHOPPERS: %i shoppers', async (shoppers) => {
    const report = await made(await tenantWith(sales(shoppers)));
    expect(report).toMatchObject({ status: 'succeeded', data: { shoppers } });
  });

  it.each([EXACT - 1, EXACT, EXACT + 1])('at EXACT_SILHOUETTE_SHOPPERS: %i shoppers', async (shoppers) => {
    const { quality, data } = await made(await tenantWith(sales(shoppers)), { k: 3 });
    expect(data.shoppers).toBe(shoppers);
    expect(quality.silhouetteSample).toBe(shoppers > EXACT ? EXACT : null);
  });

  it('at the number of segments: 2 to 20, and no more than shoppers', async () => {
    const tenant = await tenantWith(sales(19));
    const status = async (body: object): Promise<number> => (await ask(tenant, body)).status;
    expect([await status({ k: 1 }), await status({ k: 21 })]).toEqual([400, 400]);
    expect([await status({ kMin: 1 }), await status({ kMax: 21 })]).toEqual([400, 400]);
    expect(expectStatus(await ask(tenant, { k: 20 }), 422).fields.k).toEqual([
      'at most 19, the number of shoppers',
    ]);
    for (const k of [2, 3, 18, 19]) {
      const report = await made(tenant, { k });
      expect(report).toMatchObject({ status: 'succeeded', k });
      expect(report.segments).toHaveLength(k);
      expect(new Set(report.segments.map(({ label }: JsonBody) => label)).size).toBe(k);
    }
    // One less than there are shoppers, as each of them alone tells nothing.
    const { selection } = await made(tenant, { kMin: 2, kMax: 20 });
    expect(selection.map((score: JsonBody) => score.k)).toEqual(
      Array.from({ length: 17 }, (_, index) => index + 2),
    );
  });

  it.each([GROUPS - 1, GROUPS])('at the groups of a column: %i values', async (groups) => {
    expect((await grouped(groups)).segments).toHaveLength(groups);
  });

  it('at the groups of a column: one more is too many', async () => {
    const { status, error } = await grouped(GROUPS + 1);
    expect({ status, code: error.code }).toEqual({ status: 'failed', code: 'unprocessable' });
    expect(error.message).toMatch(/more than 100 different values/);
  });
});
