import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { finishedReport, ready, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;
beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

/** Headers that no language explains. */
const FOREIGN = 'kod_k;kiedy;ile_zl';
const MAPPING = JSON.stringify({
  roles: { shopperId: 'kod_k', orderedAt: 'kiedy', amount: 'ile_zl' },
  columns: { ile_zl: { decimal: ',' } },
});

const sales = (header: string, prefix: string): string =>
  `${header}\n${Array.from(
    { length: 60 },
    (_, row) => `${prefix}${row % 20};2024-0${1 + (row % 9)}-1${row % 7};${10 + ((row * 7) % 50)},50\n`,
  ).join('')}`;

async function load(content: string, fields: Record<string, string> = {}): Promise<JsonBody> {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content, fields);
  await ready(tenant.viewer.api, upload.id);
  return expectStatus(await tenant.viewer.api.get(`/datasets/${dataset.id}`), 200);
}

const inForce = ({ roles }: JsonBody): object[] =>
  roles
    .filter(({ column }: JsonBody) => column !== null)
    .map(({ role, column, confidence, origin }: JsonBody) => ({ role, column, confidence, origin }));

const newStore = async (): Promise<string> => {
  const path = `/customers/${tenant.customerId}/stores`;
  return expectStatus(await tenant.owner.api.post(path, { name: unique('store') }), 201).id as string;
};

describe('the roles of columns', () => {
  it('are proposed with their confidence, from names, types and the rest of the table', async () => {
    const dataset = await load('customer_id;Fecha;Betrag;note\nA;2024-01-05;1,5;x\nB;2024-01-06;2,5;y\n');
    expect(dataset.kind).toBe('transactions');
    expect(inForce(dataset)).toEqual([
      { role: 'shopperId', column: 'customer_id', confidence: 1, origin: 'proposal' },
      { role: 'orderedAt', column: 'Fecha', confidence: 0.7, origin: 'proposal' },
      { role: 'amount', column: 'Betrag', confidence: 0.95, origin: 'proposal' },
    ]);
    const people = await load('ID,Year_Birth,Income\n1,1970,10\n2,1980,20\n');
    expect(people.kind).toBe('shoppers');
    expect(inForce(people)).toEqual([
      { role: 'shopperId', column: 'ID', confidence: 0.65, origin: 'proposal' },
    ]);
  });

  it('are remembered by the store: what was said of one dataset holds for the next', async () => {
    const storeId = await newStore();
    const first = await load(sales(FOREIGN, 'a'), { storeId, mapping: MAPPING });
    expect(inForce(first)).toMatchObject([
      { role: 'shopperId', column: 'kod_k', confidence: 1, origin: 'mapping' },
      { role: 'orderedAt', origin: 'mapping' },
      { role: 'amount', origin: 'mapping' },
    ]);
    // Also where the header is written in another way, and after the first dataset is gone.
    expectStatus(await tenant.analyst.api.delete(`/datasets/${first.id}`), 204);
    const second = await load(sales('KOD K;Kiedy;Ile zl', 'b'), { storeId });
    expect(second).toMatchObject({
      kind: 'transactions',
      mapping: { roles: { shopperId: 'KOD K', orderedAt: 'Kiedy', amount: 'Ile zl' } },
    });
    expect(inForce(second)).toMatchObject(
      Array.from({ length: 3 }, () => ({ confidence: 1, origin: 'store' })),
    );
    const asked = await tenant.analyst.api.post('/reports', {
      customerId: tenant.customerId,
      datasetIds: [second.id],
      k: 3,
    });
    const report = await finishedReport(tenant.viewer.api, expectStatus(asked, 202).report.id);
    expect(report).toMatchObject({ status: 'succeeded', data: { shoppers: 20 } });
  });

  it('are not remembered for other stores, and what is said of a dataset counts more', async () => {
    const storeId = await newStore();
    await load(sales(FOREIGN, 'c'), { storeId, mapping: MAPPING });
    const elsewhere = await load(sales(FOREIGN, 'd'), { storeId: await newStore() });
    expect(elsewhere).toMatchObject({ kind: 'generic', mapping: { roles: {} } });
    const mapping = JSON.stringify({ roles: { product: 'kod_k' } });
    const other = await load(sales(FOREIGN, 'e'), { storeId, mapping });
    expect(other.mapping.roles).toEqual({ product: 'kod_k', orderedAt: 'kiedy', amount: 'ile_zl' });
    const changed = await tenant.analyst.api.patch(`/datasets/${other.id}`, {
      mapping: { roles: { shopperId: 'kod_k', orderedAt: 'kiedy' } },
    });
    expect(inForce(expectStatus(changed, 200))).toMatchObject([
      { role: 'shopperId', origin: 'mapping' },
      { role: 'orderedAt', origin: 'mapping' },
    ]);
    // The latest word of the store, the role that was taken away included.
    expect((await load(sales(FOREIGN, 'f'), { storeId })).mapping.roles).toEqual({
      shopperId: 'kod_k',
      orderedAt: 'kiedy',
    });
  });
});
