import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';
import type { JsonBody } from './harness/api-client.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { MAX_DRY_RUN_BYTES: '2000' } });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const make = async (fields: Record<string, unknown>): Promise<string> => {
  const body = { customerId: tenant.customerId, name: unique('dataset'), ...fields };
  return expectStatus(await tenant.analyst.api.post('/datasets', body), 201).id;
};

const send = async (datasetId: string, content: string, fields: Record<string, string> = {}, query = '') =>
  tenant.analyst.api.post(`/datasets/${datasetId}/uploads${query}`, csvForm(fields, content));

const add = async (datasetId: string, content: string, fields = {}): Promise<JsonBody> => {
  const { upload } = expectStatus(await send(datasetId, content, fields), 202);
  return ready(tenant.viewer.api, upload.id);
};

const failed = (uploadId: string): Promise<JsonBody> =>
  until(`upload ${uploadId} to fail`, async () => {
    const upload = expectStatus(await tenant.viewer.api.get(`/uploads/${uploadId}`), 200);
    return upload.status === 'failed' && upload;
  });

const rowsOf = async (datasetId: string): Promise<JsonBody[]> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows`), 200).results;

const repeating = (): string => {
  const note = unique('n');
  return `id,note\n1,${note}\n2,${note}\n1,${note}\n1,${note}\n`;
};

describe('duplicates', () => {
  it('are kept and counted unless the dataset drops them', async () => {
    const id = await make({});
    expect(await add(id, repeating())).toMatchObject({
      rowCount: 4,
      duplicateCount: 2,
      anomalyCounts: { duplicate_row: 2 },
    });
    const changed = await tenant.analyst.api.patch(`/datasets/${id}`, { duplicates: 'drop' });
    expect(expectStatus(changed, 200).duplicates).toBe('drop');
    expect(await add(id, repeating())).toMatchObject({ rowCount: 2, duplicateCount: 2, rejectedCount: 0 });
    expect((await rowsOf(id)).map((row) => row.id)).toEqual([1, 2, 1, 1, 1, 2]);
  });

  it('dropped under a key leave the last row of the key', async () => {
    const id = await make({ duplicates: 'drop' });
    const upload = await add(id, 'id,pieces\n1,5\n1,6\n1,5\n', { mode: 'upsert', keyColumns: 'id' });
    expect(upload).toMatchObject({ rowCount: 2, duplicateCount: 1, anomalyCounts: { duplicate_key: 1 } });
    expect(await rowsOf(id)).toEqual([{ id: 1, pieces: 5 }]);
  });
});

describe('maxRejectedShare', () => {
  it('fails a load over it and leaves the dataset as it was', async () => {
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, `id,note\n1,${unique('n')}\n`, {
      maxRejectedShare: '0.25',
    });
    await ready(tenant.viewer.api, upload.id);
    expect(dataset.maxRejectedShare).toBe(0.25);
    const before = await rowsOf(dataset.id);
    const tooMany = expectStatus(await send(dataset.id, `id,note\n1,${unique('n')}\n2\n3,x\n4\n`), 202);
    const { error } = await failed(tooMany.upload.id);
    expect(error.code).toBe('unprocessable');
    expect(error.message).toMatch(/^2 of 4 records were rejected \(50 %\), more than the 25 %/);
    expect(await rowsOf(dataset.id)).toEqual(before);

    const justEnough = await add(dataset.id, `id,note\n1,${unique('n')}\n2\n3,x\n4,y\n`);
    expect(justEnough).toMatchObject({ rowCount: 3, rejectedCount: 1 });
  });

  it.each([-0.1, 1.1, 'many'])('of %s is refused', async (maxRejectedShare) => {
    const id = await make({});
    expect((await tenant.analyst.api.patch(`/datasets/${id}`, { maxRejectedShare })).status).toBe(400);
  });
});

describe('a dry run', () => {
  const tables = [
    'datasets',
    'uploads',
    'tasks',
    'upload_revisions',
    'visible_sets',
    'audit_entries',
    'outbox',
  ];
  const counted = async (): Promise<string> => {
    const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
    const { rows } = await system.database.query(`SELECT ${counts.join(', ')}`);
    return JSON.stringify(rows);
  };

  it('tells what would happen, and nothing is kept', async () => {
    const id = await make({});
    await add(id, `id,pieces,note\n1,5,${unique('n')}\n2,6,a\n3,7,a\n`);
    const [before, rows] = [await counted(), await rowsOf(id)];
    const content = `id,pieces,note\n2,6,a\n3,8,a\n4,2.5,${unique('n')}\n,1,x\n5\n4,3.5,z\n`;
    const fields = { mode: 'mirror', keyColumns: 'id' };
    const answer = expectStatus(await send(id, content, fields, '?dryRun=true'), 200);
    expect(answer.counts).toEqual({
      records: 6,
      accepted: 4,
      rejected: 2,
      duplicates: 0,
      rows: 4,
      anomalies: 1,
      created: 1,
      updated: 1,
      unchanged: 1,
      removed: 1,
    });
    expect(answer.anomalyCounts).toEqual({ duplicate_key: 1, empty_key: 1, ragged_row: 1 });
    expect(answer.anomalies.map(({ file, line, type }: JsonBody) => [file, line, type])).toEqual([
      ['sales.csv', 4, 'duplicate_key'],
      ['sales.csv', 5, 'empty_key'],
      ['sales.csv', 6, 'ragged_row'],
    ]);
    expect(answer.columns.map(({ name, type, max }: JsonBody) => [name, type, max])).toEqual([
      ['id', 'integer', 4],
      ['pieces', 'decimal', 8],
      ['note', 'text', expect.any(String)],
    ]);
    expect(answer.drift).toMatchObject([{ column: 'pieces', change: 'widened' }]);
    expect([await counted(), await rowsOf(id)]).toEqual([before, rows]);
    // The same bytes are not taken for present, and loading them does what was told.
    const loaded = await add(id, content, fields);
    expect(loaded.counts).toEqual({ created: 1, updated: 1, unchanged: 1, removed: 1 });
  });

  it('shows a file that would begin a dataset, with the roles of its columns, and nothing is kept', async () => {
    const path = '/datasets?dryRun=true';
    const content = `Shopper,Day,Paid,Note\nA,2024-01-02,3.5,${'x'.repeat(300)}\nB,2024-01-03,4,y\nB\n`;
    const form = (mapping: object) =>
      csvForm(
        { customerId: tenant.customerId, name: 'x', mapping: JSON.stringify({ roles: mapping }) },
        content,
      );
    const before = await counted();
    const answer = expectStatus(await tenant.analyst.api.post(path, form({ product: 'Note' })), 200);
    expect(answer.counts).toMatchObject({ records: 3, accepted: 2, rejected: 1, created: 2 });
    expect(answer.dialect).toMatchObject({ delimiter: ',', header: true });
    expect(answer.preview).toEqual({
      names: ['Shopper', 'Day', 'Paid', 'Note'],
      rows: [['A', '2024-01-02', '3.5', 'x'.repeat(200)], ['B', '2024-01-03', '4', 'y'], ['B']],
    });
    const roles = answer.roles.map(({ role, column, origin }: JsonBody) => [role, column, origin]);
    expect(roles).toContainEqual(['product', 'Note', 'mapping']);
    expect(roles).toContainEqual(['orderedAt', 'Day', 'proposal']);
    expect(await counted()).toBe(before);

    const unknown = await tenant.analyst.api.post(path, form({ product: 'Nothing' }));
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    expect((await tenant.viewer.api.post(path, form({}))).status).toBe(403);
    const stranger = await system.make.user();
    expect((await stranger.api.post(path, form({}))).status).toBe(404);
    expect((await tenant.analyst.api.post('/datasets?dryRun=maybe', form({}))).status).toBe(400);
  });

  it('answers what the load would fail with', async () => {
    const id = await make({ maxRejectedShare: 0 });
    const answer = await send(id, `id,note\n1,${unique('n')}\n2\n`, {}, '?dryRun=true');
    expect(answer).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    const large = await send(id, `id,note\n${'1,aaaaaaa\n'.repeat(300)}`, {}, '?dryRun=true');
    expect(large).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect((await send(id, 'id\n1\n', {}, '?dryRun=maybe')).status).toBe(400);
    const viewer = await tenant.viewer.api.post(
      `/datasets/${id}/uploads?dryRun=true`,
      csvForm({}, 'id\n1\n'),
    );
    expect(viewer.status).toBe(403);
  });
});
