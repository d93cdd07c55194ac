import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import type { JsonBody } from './harness/api-client.js';
import { bundleForm, sendBundle, startBundle } from './harness/bundles.js';
import { ready, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({
    workers: 1,
    env: { TASK_LEASE_SECONDS: '2', TASK_SWEEP_SECONDS: '1', MAX_UPLOAD_BYTES: '20000000' },
  });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const get = async (path: string): Promise<JsonBody> => expectStatus(await tenant.viewer.api.get(path), 200);

const ended = (bundleId: string): Promise<JsonBody> =>
  until(`bundle ${bundleId} to end`, async () => {
    const view = await get(`/bundles/${bundleId}`);
    return ['succeeded', 'failed', 'cancelled'].includes(view.bundle.status) && view;
  });

const datasetCount = async (): Promise<number> =>
  (await get(`/datasets?customerId=${tenant.customerId}`)).count;
const uploadStatuses = ({ uploads }: JsonBody): string[] => uploads.map(({ status }: JsonBody) => status);

/** Two files that belong together: of three orders one points nowhere. */
const pair = (): [string, string][] => {
  const note = unique('n');
  return [
    ['orders.csv', `order,shopper,note\nA1,1,${note}\nA2,2,${note}\nA3,9,${note}\n`],
    ['shoppers.csv', `id,name,note\n1,Ann,${note}\n2,Bob,${note}\n`],
  ];
};
const LINK = { name: 'shopper row', from: 'orders.shopper', to: 'shoppers.csv.id' };

describe('a bundle', () => {
  it('becomes one dataset a file, published together, with the links between them checked', async () => {
    const started = await startBundle(tenant.analyst, tenant, pair(), [LINK]);
    expect(started).toMatchObject({
      bundle: { customerId: tenant.customerId, taskId: started.task.id },
      task: { kind: 'ingest', uploadId: null },
    });
    expect(started.uploads.map(({ fileName, taskId }: JsonBody) => [fileName, taskId])).toEqual([
      ['orders.csv', started.task.id],
      ['shoppers.csv', started.task.id],
    ]);
    const { bundle, datasets, uploads, task } = await ended(started.bundle.id);
    expect(bundle).toMatchObject({
      status: 'succeeded',
      links: [{ status: 'checked', matchRate: 2 / 3, orphanCount: 1 }],
    });
    expect(uploadStatuses({ uploads })).toEqual(['ready', 'ready']);
    const names = datasets.map(({ name }: JsonBody) => name.replace(bundle.name, ''));
    expect(names).toEqual([': orders', ': shoppers']);
    expect(datasets.map(({ rowCount }: JsonBody) => rowCount)).toEqual([3, 2]);
    expect(task.result).toMatchObject({
      bundleId: bundle.id,
      uploads: [{ rowCount: 3 }, { rowCount: 2 }],
      links: [{ id: bundle.links[0].id, matched: 2, orphans: 1 }],
    });
    const rows = await get(`/datasets/${datasets[0].id}/rows?include=${bundle.links[0].id}`);
    const placed = rows.results.map((row: JsonBody) => [row.order, row['shopper row']?.name ?? null]);
    expect(placed).toEqual([
      ['A1', 'Ann'],
      ['A2', 'Bob'],
      ['A3', null],
    ]);
  });

  it('of which one file cannot be loaded shows nothing of any, until it can', async () => {
    const [worker] = system.workers;
    worker?.signal('SIGSTOP');
    const started = await startBundle(tenant.analyst, tenant, [
      ...pair(),
      ['ragged.csv', `id,note\n1,${unique('n')}\n2,x,y\n`],
    ]);
    const ragged = `/datasets/${started.datasets[2].id}`;
    expectStatus(await tenant.analyst.api.patch(ragged, { maxRejectedShare: 0 }), 200);
    worker?.signal('SIGCONT');
    const failed = await ended(started.bundle.id);
    expect(failed.task.error.message).toMatch(/^ragged\.csv: /);
    expect(uploadStatuses(failed)).toEqual(['failed', 'failed', 'failed']);
    expect(failed.datasets.map(({ rowCount }: JsonBody) => rowCount)).toEqual([0, 0, 0]);
    const again = await tenant.analyst.api.post(`/uploads/${failed.uploads[0].id}/reprocess`, {});
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict', taskId: started.task.id } });

    expectStatus(await tenant.analyst.api.patch(ragged, { maxRejectedShare: null }), 200);
    expectStatus(await tenant.analyst.api.post(`/tasks/${started.task.id}/retry`), 202);
    const loaded = await ended(started.bundle.id);
    expect(uploadStatuses(loaded)).toEqual(['ready', 'ready', 'ready']);
    expect(loaded.uploads[2]).toMatchObject({ rowCount: 1, rejectedCount: 1, error: null });
  });

  it('shows all or nothing whenever its worker is killed', async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => `${at},${at % 97},${unique('x')}`).join('\n');
    const big = (name: string): [string, string] => [name, `id,key,${unique('c')}\n${rows}\n`];
    const started = await startBundle(tenant.analyst, tenant, [big('a.csv'), big('b.csv'), big('c.csv')]);
    const seen: string[] = [];
    for (let kills = 0; ;) {
      const view = await get(`/bundles/${started.bundle.id}`);
      const shown = view.datasets.map(({ rowCount }: JsonBody) => rowCount).join();
      if (!seen.includes(shown)) seen.push(shown);
      if (view.bundle.status === 'succeeded') break;
      expect(view.bundle.status).not.toBe('failed');
      if (view.bundle.status === 'running' && view.task.progress !== null && kills < 2) {
        kills += 1;
        await system.killWorker();
        await system.startWorker();
      }
    }
    expect(seen.filter((shown) => shown !== '0,0,0' && shown !== '60000,60000,60000')).toEqual([]);
    const final = await get(`/bundles/${started.bundle.id}`);
    expect(final.datasets.map(({ rowCount }: JsonBody) => rowCount)).toEqual([60_000, 60_000, 60_000]);
  });

  it('is cancelled as a whole, and its bytes may then come again', async () => {
    const [worker] = system.workers;
    worker?.signal('SIGSTOP');
    const files = pair();
    const started = await startBundle(tenant.analyst, tenant, files);
    expect((await sendBundle(tenant.analyst, tenant, files)).status).toBe(409);
    expectStatus(await tenant.analyst.api.delete(`/uploads/${started.uploads[1].id}`), 204);
    expect(uploadStatuses(await get(`/bundles/${started.bundle.id}`))).toEqual(['cancelled', 'cancelled']);
    worker?.signal('SIGCONT');
    const again = await startBundle(tenant.analyst, tenant, files);
    expect((await ended(again.bundle.id)).bundle.status).toBe('succeeded');
  });
});

const staged = async (): Promise<number> =>
  (await readdir(join(system.dataDirectory, 'blobs', 'incoming'))).length;
const fields = (more: Record<string, string> = {}): Record<string, string> => ({
  customerId: tenant.customerId,
  name: unique('bundle'),
  ...more,
});
const files = (count: number): [string, string][] =>
  Array.from({ length: count }, (_, at) => [`f${at}.csv`, `id\n${unique('x')}\n`]);
const large = (name: string): [string, string] => [name, `id\n${'x'.repeat(99)}\n`.repeat(130_000) + name];

/** Read to its end, as the worker keeps temporary files too. */
const accepted = async (form: FormData): Promise<void> => {
  await ended(expectStatus(await tenant.analyst.api.post('/bundles', form), 202).bundle.id);
};

/** The answer to a bundle of which nothing is kept. */
async function refusal(form: FormData): Promise<JsonBody> {
  const before = [await datasetCount(), await staged()];
  const { status, body } = await tenant.analyst.api.post('/bundles', form);
  expect([await datasetCount(), await staged()]).toEqual(before);
  return { ...body, status };
}

describe('a bundle is refused, and nothing of it kept,', () => {
  it.each([
    [{ from: 'orders.colour', to: 'shoppers.id' }, 'links.0.from'],
    [{ from: 'orders.shopper', to: 'people.id' }, 'links.0.to'],
    [{ from: 'orders.shopper', to: 'orders.csv.shopper' }, 'links.0.to'],
  ])('where a link names no column: %o', async (link, field) => {
    const { status, fields: named } = await refusal(bundleForm(fields(), pair(), [link]));
    expect([status, Object.keys(named)]).toEqual([400, [field]]);
  });

  it('where a file is there already, or twice', async () => {
    const [[, content] = ['', '']] = pair();
    const { upload } = await startDataset(tenant.analyst, tenant, content);
    await ready(tenant.viewer.api, upload.id);
    const form = bundleForm(fields(), [...files(1), ['again.csv', content]]);
    expect(await refusal(form)).toMatchObject({ status: 409, code: 'duplicate', uploadId: upload.id });
    const same = `id\n${unique('x')}\n`;
    const twins = bundleForm(fields(), [
      ['a.csv', same],
      ['b.csv', same],
    ]);
    expect(await refusal(twins)).toMatchObject({ status: 409, fields: { files: [expect.any(String)] } });
  });

  it.each([
    [415, ['b.csv', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR']],
    [422, ['b.csv', '']],
  ] as const)('with %d where a file is no CSV', async (status, file) => {
    expect(await refusal(bundleForm(fields(), [...files(1), file]))).toMatchObject({ status });
  });

  it('where all files together are too large', async () => {
    await accepted(bundleForm(fields(), [large('a.csv')]));
    expect(await refusal(bundleForm(fields(), [large('b.csv'), large('c.csv')]))).toMatchObject({
      status: 413,
    });
  });

  it('beyond 20 files, and without any', async () => {
    await accepted(bundleForm(fields(), files(20)));
    expect(await refusal(bundleForm(fields(), files(21)))).toMatchObject({ status: 400 });
    expect(await refusal(bundleForm(fields(), []))).toMatchObject({ status: 400 });
  });

  it('of a customer or store that the caller does not know', async () => {
    const { storeId, customerId } = await system.make.tenant('stranger');
    const strange: Record<string, string>[] = [{ storeId }, { customerId }];
    for (const more of strange) {
      expect(await refusal(bundleForm(fields(more), files(2)))).toMatchObject({ status: 404 });
    }
  });
});
