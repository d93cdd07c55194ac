import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';
import type { JsonBody } from './harness/api-client.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const begin = async (content: string | Buffer): Promise<{ datasetId: string; upload: JsonBody }> => {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
  return { datasetId: dataset.id, upload: await ready(tenant.viewer.api, upload.id) };
};

const reprocess = async (uploadId: string, body: object): Promise<JsonBody> => {
  const answer = await tenant.analyst.api.post(`/uploads/${uploadId}/reprocess`, body);
  const { task, upload } = expectStatus(answer, 202);
  expect(answer.headers.get('location')).toBe(`/api/v1/tasks/${task.id}`);
  expect(upload.taskId).toBe(task.id);
  return until(`task ${task.id} to end`, async () => {
    const now = expectStatus(await tenant.viewer.api.get(`/tasks/${task.id}`), 200);
    return ['succeeded', 'failed', 'cancelled'].includes(now.status) && now;
  });
};

const uploadOf = async (id: string): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/uploads/${id}`), 200);
const rowsOf = async (datasetId: string): Promise<JsonBody[]> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows`), 200).results;

describe('reading a file again', () => {
  it('takes another encoding, in a new revision', async () => {
    const { datasetId, upload } = await begin(Buffer.from(`city,note\nKöln,${unique('n')}\n`, 'latin1'));
    const task = await reprocess(upload.id, { encoding: 'iso-8859-5' });
    expect(task).toMatchObject({ kind: 'ingest', status: 'succeeded' });
    expect(await uploadOf(upload.id)).toMatchObject({ status: 'ready', revision: 2, encoding: 'iso-8859-5' });
    expect((await rowsOf(datasetId))[0].city).toBe('Kіln');
    await reprocess(upload.id, { encoding: 'windows-1252' });
    expect(await uploadOf(upload.id)).toMatchObject({ revision: 3, encoding: 'windows-1252' });
    expect((await rowsOf(datasetId))[0].city).toBe('Köln');
  });

  it('takes a delimiter, decimal mark, order of dates, types and no header', async () => {
    const note = unique('n');
    const { datasetId, upload } = await begin(`on;price;${note}\n01.02.2011;1,5;a\n`);
    await reprocess(upload.id, { dateOrder: 'mdy', mapping: { columns: { price: { type: 'text' } } } });
    const types = async (): Promise<string[]> => {
      const { columns } = expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}`), 200);
      return columns.map(({ type }: { type: string }) => type);
    };
    expect(await types()).toEqual(['date', 'text', 'text']);
    expect((await rowsOf(datasetId))[0]).toMatchObject({ on: '2011-01-02', price: '1,5' });
    await reprocess(upload.id, { mapping: { columns: { price: { type: 'decimal', decimal: ',' } } } });
    expect((await rowsOf(datasetId))[0]).toMatchObject({ on: '2011-01-02', price: 1.5 });
    await reprocess(upload.id, { delimiter: '|' });
    expect(await types()).toEqual(['text']);
    const task = await reprocess(upload.id, { delimiter: ';', header: false, mapping: {} });
    expect(task.status).toBe('succeeded');
    const rows = await rowsOf(datasetId);
    expect(rows.map((row) => Object.values(row)[2])).toEqual([note, 'a']);
    expect(Object.keys(rows[0])).toEqual(['column1', 'column2', 'column3']);
  });

  it('keeps the earlier reading where it fails, and says so', async () => {
    const { datasetId, upload } = await begin(`id,note\n1,${unique('n')}\n`);
    const before = await rowsOf(datasetId);
    const task = await reprocess(upload.id, { mapping: { columns: { note: { type: 'integer' } } } });
    expect(task).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });
    const after = await uploadOf(upload.id);
    expect(after).toMatchObject({ status: 'ready', revision: 1, error: task.error });
    expect(await rowsOf(datasetId)).toEqual(before);
    expect((await reprocess(upload.id, {})).status).toBe('succeeded');
    expect(await uploadOf(upload.id)).toMatchObject({ revision: 3, error: null });
  });

  it('mends an upload that failed', async () => {
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, `id,note\nx,${unique('n')}\n`, {
      mapping: JSON.stringify({ columns: { id: { type: 'integer' } } }),
    });
    await until('the upload to fail', async () => (await uploadOf(upload.id)).status === 'failed');
    await reprocess(upload.id, { mapping: { columns: { id: { type: 'text' } } } });
    expect(await uploadOf(upload.id)).toMatchObject({ status: 'ready', rowCount: 1, error: null });
    expect(await rowsOf(dataset.id)).toHaveLength(1);
  });

  it('leaves the rows of others alone and can be undone with its upload', async () => {
    const { datasetId, upload } = await begin(`id,note\n1,${unique('n')}\n2,b\n`);
    const fields = { mode: 'upsert', keyColumns: 'id' };
    const path = `/datasets/${datasetId}/uploads`;
    const second = expectStatus(
      await tenant.analyst.api.post(path, csvForm(fields, `id,note\n2,c\n3,d\n`)),
      202,
    );
    await ready(tenant.viewer.api, second.upload.id);
    await reprocess(upload.id, {});
    expect((await rowsOf(datasetId)).map(({ id, note }) => `${id}${note}`).slice(1)).toEqual(['2c', '3d']);
    await reprocess(second.upload.id, {});
    expect((await uploadOf(second.upload.id)).counts).toEqual({
      created: 1,
      updated: 1,
      unchanged: 0,
      removed: 0,
    });
    expectStatus(await tenant.analyst.api.delete(`/uploads/${second.upload.id}`), 204);
    expect((await rowsOf(datasetId)).map(({ id }) => id)).toEqual([1, 2]);
  });

  it('is refused while the file is being read, to viewers, and for options that make no sense', async () => {
    const { upload } = await begin(`id,note\n1,${unique('n')}\n`);
    const path = `/uploads/${upload.id}/reprocess`;
    expect((await tenant.viewer.api.post(path, {})).status).toBe(403);
    expect((await tenant.analyst.api.post(path, { colour: 'red' })).status).toBe(400);
    expect((await tenant.analyst.api.post(path, { header: 'yes' })).status).toBe(400);
    const unknown = { mapping: { columns: { colour: { type: 'text' } } } };
    expect((await tenant.analyst.api.post(path, unknown)).body).toMatchObject({ code: 'invalid_parameter' });
    expect((await tenant.analyst.api.post(path, { encoding: 'klingon' })).status).toBe(400);
    const answers = await Promise.all([1, 2, 3].map(() => tenant.analyst.api.post(path, {})));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(202);
    expect(new Set(statuses).size).toBeLessThanOrEqual(2);
    expect(statuses.filter((status) => status !== 202 && status !== 409)).toEqual([]);
  });
});
