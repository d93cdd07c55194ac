import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import type { JsonBody } from './harness/api-client.js';
import { csvForm, ready, retailSample, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const table = (rows: number, seed = unique('x')): string =>
  `Shopper,Quantity,Note\n${Array.from({ length: rows }, (_, i) => `S${i},${i},${seed}\n`).join('')}`;

async function rowCount(datasetId: string): Promise<number> {
  return expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}`), 200).rowCount;
}

async function addUpload(datasetId: string, content: string, fields: Record<string, string> = {}) {
  const answer = await tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm(fields, content));
  const { upload } = expectStatus(answer, 202);
  return ready(tenant.viewer.api, upload.id);
}

describe('an accepted upload', () => {
  it('is answered with 202, its task and where that is', async () => {
    const form = csvForm(
      { customerId: tenant.customerId, storeId: tenant.storeId, name: 'Sales', description: 'ours' },
      table(5),
      '売上 (100 %).csv',
    );
    const answer = await tenant.analyst.api.post('/datasets', form);
    const { dataset, upload, task } = expectStatus(answer, 202);
    expect(answer.headers.get('location')).toBe(`/api/v1/tasks/${task.id}`);
    expect(dataset).toMatchObject({
      customerId: tenant.customerId,
      storeId: tenant.storeId,
      name: 'Sales',
      description: 'ours',
      kind: null,
      rowCount: 0,
      uploadCount: 0,
    });
    expect(upload).toMatchObject({ status: 'queued', ordinal: 1, mode: 'append', taskId: task.id });
    expect(upload.fileName).toBe('売上 (100 %).csv');
    expect(task).toMatchObject({ kind: 'ingest', datasetId: dataset.id, uploadId: upload.id });

    const file = await fetch(`${system.baseUrl}/api/v1/uploads/${upload.id}/file`, {
      headers: { authorization: `Bearer ${tenant.viewer.accessToken}` },
    });
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(upload.sha256);
    expect(file.headers.get('content-disposition')).toContain(
      "filename*=UTF-8''%E5%A3%B2%E4%B8%8A%20%28100%20%25%29.csv",
    );
    expect(file.headers.get('content-type')).toContain('text/csv');
    await ready(tenant.viewer.api, upload.id);
  });

  it('takes fields that come after the file', async () => {
    const form = new FormData();
    form.append('file', new Blob([table(3)]), 'late.csv');
    form.append('customerId', tenant.customerId);
    form.append('name', unique('late'));
    expect((await tenant.analyst.api.post('/datasets', form)).status).toBe(202);
  });

  it('keeps roles and types that the caller gives', async () => {
    const mapping = { roles: { shopperId: 'Shopper' }, columns: { Quantity: { type: 'text' } } };
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, table(4), {
      mapping: JSON.stringify(mapping),
      delimiter: ',',
      encoding: 'utf-8',
    });
    await ready(tenant.viewer.api, upload.id);
    const { columns, mapping: inForce } = expectStatus(
      await tenant.viewer.api.get(`/datasets/${dataset.id}`),
      200,
    );
    expect(columns.find(({ name }: { name: string }) => name === 'Quantity').type).toBe('text');
    expect(inForce.roles.shopperId).toBe('Shopper');
    expect(inForce.columns).toEqual(mapping.columns);
  });

  it('is refused to a viewer with 403 and to a stranger with 404', async () => {
    const form = (): FormData => csvForm({ customerId: tenant.customerId, name: 'x' }, table(2));
    expect((await tenant.viewer.api.post('/datasets', form())).status).toBe(403);
    const stranger = await system.make.user('stranger');
    expect((await stranger.api.post('/datasets', form())).status).toBe(404);
  });
});

describe('C6: the same bytes', () => {
  it('are taken once of 20 parallel uploads, the others name it, and another customer may have them', async () => {
    const { csv } = retailSample();
    const send = (owner: Tenant) =>
      owner.analyst.api.post(
        '/datasets',
        csvForm({ customerId: owner.customerId, name: unique('same') }, csv),
      );
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(tenant)));
    const accepted = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 409);
    expect([accepted.length, refused.length]).toEqual([1, 19]);
    const { upload, dataset }: JsonBody = accepted.map(({ body }) => body)[0];
    for (const { body } of refused) expect(body).toMatchObject({ code: 'duplicate', uploadId: upload.id });
    const datasets = await system.database.query('SELECT id FROM datasets WHERE name LIKE $1', ['same-%']);
    expect(datasets.rows).toHaveLength(1);

    const other = await system.make.tenant();
    expectStatus(await send(other), 202);
    const again = await tenant.analyst.api.post(`/datasets/${dataset.id}/uploads`, csvForm({}, csv));
    expect(again).toMatchObject({ status: 409, body: { uploadId: upload.id } });
    await ready(tenant.viewer.api, upload.id);
  });

  it('may come again once the first upload is undone or its dataset removed', async () => {
    const content = table(6);
    const first = await startDataset(tenant.analyst, tenant, content);
    await ready(tenant.viewer.api, first.upload.id);
    expectStatus(await tenant.analyst.api.delete(`/uploads/${first.upload.id}`), 204);
    const second = await startDataset(tenant.analyst, tenant, content);
    expectStatus(await tenant.analyst.api.delete(`/datasets/${second.dataset.id}`), 204);
    expect((await tenant.viewer.api.get(`/uploads/${second.upload.id}`)).status).toBe(404);
    expect((await tenant.viewer.api.get(`/datasets/${second.dataset.id}`)).status).toBe(404);
    await startDataset(tenant.analyst, tenant, content);
  });
});

describe('a dataset', () => {
  it('is the fold of its uploads: append adds, replace hides, undo brings back', async () => {
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, table(10));
    await ready(tenant.viewer.api, upload.id);
    const second = await addUpload(dataset.id, table(5));
    expect(second.ordinal).toBe(2);
    expect(await rowCount(dataset.id)).toBe(15);

    const replacing = await addUpload(dataset.id, table(3), { mode: 'replace' });
    expect(await rowCount(dataset.id)).toBe(3);
    const third = await addUpload(dataset.id, table(2));
    expect(await rowCount(dataset.id)).toBe(5);

    expectStatus(await tenant.analyst.api.delete(`/uploads/${replacing.id}`), 204);
    expect(await rowCount(dataset.id)).toBe(17);
    expect((await tenant.viewer.api.get(`/uploads/${replacing.id}`)).status).toBe(404);
    expectStatus(await tenant.analyst.api.delete(`/uploads/${second.id}`), 204);
    const left = expectStatus(await tenant.viewer.api.get(`/datasets/${dataset.id}/rows`), 200);
    expect(left.count).toBe(12);
    const listed = expectStatus(await tenant.viewer.api.get(`/datasets/${dataset.id}/uploads`), 200);
    expect(listed.results.map(({ id }: { id: string }) => id)).toEqual([upload.id, third.id]);
  });

  it('may take the bytes that a replace hid once more', async () => {
    const content = table(4);
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
    await ready(tenant.viewer.api, upload.id);
    const replacing = await addUpload(dataset.id, table(1), { mode: 'replace' });
    await addUpload(dataset.id, content);
    expect(await rowCount(dataset.id)).toBe(5);
    expectStatus(await tenant.analyst.api.delete(`/uploads/${replacing.id}`), 204);
    expect(await rowCount(dataset.id)).toBe(8);
    expect(
      (await tenant.analyst.api.post(`/datasets/${dataset.id}/uploads`, csvForm({}, content))).status,
    ).toBe(409);
  });

  it('is made empty by JSON, changed, listed and searched', async () => {
    const name = unique('empty');
    const { customerId, storeId } = tenant;
    const made = await tenant.analyst.api.post('/datasets', { customerId, name, kind: 'generic' });
    const dataset = expectStatus(made, 201);
    expect(made.headers.get('location')).toBe(`/api/v1/datasets/${dataset.id}`);
    const path = `/datasets/${dataset.id}`;
    const changed = await tenant.analyst.api.patch(path, { storeId, description: 'd', kind: null });
    expect(expectStatus(changed, 200)).toMatchObject({ name, storeId, description: 'd', kind: null });
    const replaced = expectStatus(await tenant.analyst.api.put(path, { name }), 200);
    expect(replaced).toMatchObject({ name, storeId: null, description: '' });
    const rows = expectStatus(await tenant.viewer.api.get(`${path}/rows`), 200);
    expect(rows).toEqual({ count: 0, next: null, previous: null, results: [] });
    const listed = await tenant.viewer.api.get(`/datasets?customerId=${customerId}&search=${name}`);
    expect(expectStatus(listed, 200).results).toEqual([replaced]);
    expect((await tenant.viewer.api.get('/datasets?ordering=sha256')).status).toBe(400);
    expect((await tenant.viewer.api.patch(path, { name: 'x' })).status).toBe(403);
    const named = async (length: number): Promise<number> =>
      (await tenant.analyst.api.patch(path, { name: 'n'.repeat(length) })).status;
    expect([await named(254), await named(255), await named(256)]).toEqual([200, 200, 400]);
  });

  it('lets a role be taken away, which is then not proposed again', async () => {
    const { dataset, upload } = await startDataset(
      tenant.analyst,
      tenant,
      `CustomerID,InvoiceDate,Amount,Note\n1,2011-01-02,3.5,${unique('n')}\n`,
    );
    await ready(tenant.viewer.api, upload.id);
    const path = `/datasets/${dataset.id}`;
    const found = expectStatus(await tenant.viewer.api.get(path), 200);
    expect(found.kind).toBe('transactions');
    const { amount, ...roles } = found.mapping.roles;
    expect(amount).toBe('Amount');
    expectStatus(await tenant.analyst.api.patch(path, { mapping: { roles } }), 200);
    await addUpload(dataset.id, `CustomerID,InvoiceDate,Amount,Note\n2,2011-01-03,4.5,${unique('n')}\n`);
    expect(expectStatus(await tenant.viewer.api.get(path), 200).mapping.roles).toEqual(roles);
    const unknown = await tenant.analyst.api.patch(path, { mapping: { roles: { product: 'Nowhere' } } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  });
});

describe('what was found in a file', () => {
  it('is listed in pages and as CSV, and rejected records can be mended and sent again', async () => {
    const content = `id,Note,Country\n1,${unique('n')},France\n2,"a,b"\n3,x,Spain\n`;
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
    const read = await ready(tenant.viewer.api, upload.id);
    expect(read).toMatchObject({ rowCount: 2, rejectedCount: 1 });
    const path = `/uploads/${upload.id}`;
    const page = expectStatus(await tenant.viewer.api.get(`${path}/anomalies?pageSize=1`), 200);
    expect(page.count).toBeGreaterThanOrEqual(1);
    expect(page.results).toHaveLength(1);
    const rejected = await tenant.viewer.api.get(`${path}/anomalies`);
    expect(rejected.body.results).toContainEqual(expect.objectContaining({ file: 'sales.csv', line: 3 }));
    const csv = await tenant.viewer.api.get(`${path}/anomalies`, { headers: { accept: 'text/csv' } });
    expect(csv.text.split('\r\n')[0]).toBe('file,line,column,type,value,message');
    const rejects = await tenant.viewer.api.get(`${path}/rejects`);
    expect(rejects.text).toBe('id,Note,Country\n2,"a,b"\n');
    await addUpload(dataset.id, rejects.text.replace('"a,b"', '"a,b",Italy'));
    expect(await rowCount(dataset.id)).toBe(3);
  });
});
