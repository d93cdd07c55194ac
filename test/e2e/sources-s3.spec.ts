import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../fixtures/s3/s3-server.js';
import { zipOf } from '../fixtures/zip/zip-files.js';
import type { JsonBody } from './harness/api-client.js';
import { Bucket } from './harness/buckets.js';
import { pulled } from './harness/folders.js';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { runCommand } from './harness/operator.js';
import { ready, startDataset } from './harness/uploads.js';

const server = await startS3Server();
/** Why there is no server, where there is none. */
const lack = typeof server === 'string' ? ` (left out: ${server})` : '';
/** More than one page of a bucket's list. */
const OBJECTS = 1001;
const PEOPLE = join(process.env['TEST_DATA_DIR'] || '.', 'people-bundle.zip');

const keyOf = (id: number): string => `many/${id}.csv`;
const person = (id: number): [string, string] => [
  `${id}.csv`,
  `first_name, last_name, birthts\nAnn, Lee, ${id}\n`,
];

describe.skipIf(lack !== '')(`with an S3 service${lack}`, () => {
  const s3 = server as S3Server;
  const blobs = new Bucket(s3, `datacore-${unique('blobs')}`);
  const source = new Bucket(s3, `datacore-${unique('source')}`);
  const processed = new Bucket(s3, `datacore-${unique('processed')}`);
  let system: System;
  let tenant: Tenant;

  beforeAll(async () => {
    for (const { name } of [blobs, source, processed]) await s3.makeBucket(name);
    system = await startSystem({ workers: 1, env: { ...s3.environment, S3_BUCKET: blobs.name } });
    tenant = await system.make.tenant();
  });
  afterAll(async () => {
    await system.stop();
    s3.stop();
  });

  const create = (body: JsonBody) =>
    tenant.analyst.api.post('/sources', { customerId: tenant.customerId, kind: 's3', ...body });
  const rowsOf = async (datasetId: string, query = ''): Promise<JsonBody> =>
    expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows${query}`), 200);

  /** Of the bucket that one command sets up. */
  const sources = async (): Promise<JsonBody[]> =>
    expectStatus(await system.admin.api.get('/sources'), 200).results.filter(
      ({ bucket }: JsonBody) => bucket === 'source',
    );
  const runOf = async (id: string, number: number): Promise<JsonBody> =>
    until('the run to end', async () => {
      const { results, count } = expectStatus(await system.admin.api.get(`/sources/${id}/runs`), 200);
      return count === number && results[0].finishedAt !== null && results[0];
    });

  it('keeps uploaded files in its bucket and reads them from there', async () => {
    const content = `id,note\n1,${unique('note')}\n`;
    const { upload } = await startDataset(tenant.analyst, tenant, content);
    const { sha256 } = await ready(tenant.viewer.api, upload.id);
    expect(await blobs.keys('blobs/')).toContain(
      `blobs/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`,
    );
    expect((await tenant.viewer.api.get(`/uploads/${upload.id}/file`)).text).toBe(content);
  });

  it('pulls a part of a bucket: each object once, and what changed', async () => {
    const fields = { prefix: 'few', pattern: '*.csv', mode: 'upsert', keyColumns: ['id'] };
    const made = expectStatus(await create({ bucket: source.name, ...fields }), 201);
    for (let id = 0; id < 5; id += 1) await source.put(`few/${id}.csv`, `id,note\n${id},${unique('n')}\n`);
    await source.put('fewer/6.csv', 'id\n6\n');
    expect(await pulled(tenant.analyst, made.id)).toMatchObject({
      status: 'succeeded',
      counts: { taken: 5, skipped: 0 },
    });
    await source.put('few/3.csv', 'id,note\n3,changed\n');
    expect(await pulled(tenant.analyst, made.id)).toMatchObject({
      counts: { taken: 1, unchanged: 4 },
      taken: [{ key: '3.csv' }],
    });
    expect((await rowsOf(made.datasetId)).count).toBe(5);
  });

  it('runs the bundle of the original system from source to processed-data', async () => {
    await source.put(
      'people/source.zip',
      zipOf(Object.fromEntries([person(1000), person(1001), ['1001.png', 'image']])),
    );
    const publishTo = { bucket: processed.name, prefix: 'people' };
    const made = expectStatus(
      await create({ bucket: source.name, prefix: 'people/', bundle: {}, publishTo }),
      201,
    );
    expect(await pulled(tenant.analyst, made.id)).toMatchObject({
      status: 'succeeded',
      output: { bucket: processed.name, key: 'people/output.csv', rowCount: 2 },
    });
    expect((await processed.get('people/output.csv')).toString()).toBe(
      'user_id,first_name,last_name,birthts,img_path\r\n1000,Ann,Lee,1000,\r\n1001,Ann,Lee,1001,source.zip/1001.png\r\n',
    );
  });

  it('says what is wrong with a bucket, and gives nobody the files of all', async () => {
    expectStatus(await create({ bucket: blobs.name }), 400);
    const made = expectStatus(await create({ bucket: 'there-is-no-such-bucket' }), 201);
    const run = await pulled(tenant.analyst, made.id);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });
  });

  it(`of ${OBJECTS} objects takes just what changed and what is new, and drops what is gone`, async () => {
    const ids = Array.from({ length: OBJECTS }, (_, id) => id);
    const putAll = async (lane: number): Promise<void> => {
      for (const id of ids) if (id % 8 === lane) await source.put(keyOf(id), `id,note\n${id},first\n`);
    };
    await Promise.all(Array.from({ length: 8 }, (_, lane) => putAll(lane)));
    const fields = { prefix: 'many', mode: 'mirror', keyColumns: ['id'] };
    const made = expectStatus(await create({ bucket: source.name, ...fields }), 201);
    const first = await pulled(tenant.analyst, made.id);
    expect(first.counts).toMatchObject({ found: OBJECTS, taken: OBJECTS, unchanged: 0, skipped: 0 });
    expect((await rowsOf(made.datasetId)).count).toBe(OBJECTS);
    await source.put(keyOf(7), 'id,note\n7,changed\n');
    await source.put('many/new.csv', `id,note\n${OBJECTS},first\n`);
    await source.remove(keyOf(3));
    const next = await pulled(tenant.analyst, made.id);
    expect(next.taken.map(({ key }: JsonBody) => key).toSorted()).toEqual(['7.csv', 'new.csv']);
    expect(next).toMatchObject({
      removed: ['3.csv'],
      counts: { found: OBJECTS, taken: 2, unchanged: OBJECTS - 2, skipped: 0, removed: 1 },
    });
    const rows = await rowsOf(made.datasetId, '?filter[id][in]=3,7,1001&ordering=id');
    expect(rows.results).toEqual([
      { id: 7, note: 'changed' },
      { id: OBJECTS, note: 'first' },
    ]);
    expect((await rowsOf(made.datasetId)).count).toBe(OBJECTS);
  });

  describe('the original system, set up by one command', () => {
    const output = new Bucket(s3, 'processed-data');
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'source-data-'));
    });
    afterAll(() => rm(directory, { recursive: true }));

    const firstSource = async (): Promise<string> => {
      const { code, output: said, errors } = await runCommand(system.environment, 'first-source', directory);
      if (code !== 0) throw new Error(`first-source ended with ${code}: ${errors}`);
      return said;
    };
    const put = async (name: string, content: Uint8Array, at: string): Promise<void> => {
      await writeFile(join(directory, name), content);
      await utimes(join(directory, name), new Date(at), new Date(at));
    };

    it('makes the buckets, uploads the files, has them pulled, and does nothing twice', async () => {
      await put('.gitkeep', Buffer.of(), '2020-01-01');
      await put('source.zip', zipOf(Object.fromEntries([person(1000), person(1001)])), '2020-01-01');
      expect(await firstSource()).toContain('Uploaded: source.zip\n');
      const [made, ...others] = await sources();
      expect(others).toEqual([]);
      expect(made).toMatchObject({
        kind: 's3',
        bucket: 'source',
        prefix: '',
        schedule: 'every 55m',
        mode: 'mirror',
        bundle: { idColumn: 'user_id', imageColumn: 'is_image_exists', imagePathColumn: 'img_path' },
        publishTo: { bucket: 'processed-data', prefix: '' },
      });
      expect(await runOf(made?.['id'], 1)).toMatchObject({ status: 'succeeded', output: { rowCount: 2 } });
      expect((await output.get('output.csv')).toString().split('\r\n')).toEqual([
        'user_id,first_name,last_name,birthts,img_path',
        '1000,Ann,Lee,1000,',
        '1001,Ann,Lee,1001,',
        '',
      ]);
      expect(await firstSource()).toContain('There is no new file.');
      await put('source.zip', zipOf(Object.fromEntries([person(1001), person(1002)])), '2100-01-01');
      expect(await firstSource()).toContain('Uploaded: source.zip');
      expect(await runOf(made?.['id'], 2)).toMatchObject({ status: 'succeeded', counts: { taken: 1 } });
      expect((await output.get('output.csv')).toString()).toContain('1002,Ann,Lee,1002,');
      expect(await sources()).toHaveLength(1);
    });

    it.skipIf(!existsSync(PEOPLE))('criteria 35 and 36: with its own people', async () => {
      const [made] = await sources();
      await rm(join(directory, 'source.zip'));
      await put('people.zip', readFileSync(PEOPLE), '2100-01-02');
      await firstSource();
      expect(await runOf(made?.['id'], 3)).toMatchObject({ status: 'succeeded', counts: { images: 94 } });
      const path = `/datasets/${made?.['datasetId']}/stats?column=birthts`;
      expect(expectStatus(await system.admin.api.get(path), 200)).toMatchObject({
        count: 100,
        columns: { birthts: { mean: 720_195_624_000 } },
      });
      const lines = (await output.get('output.csv')).toString().trimEnd().split('\r\n');
      expect(lines[0]).toBe('user_id,first_name,last_name,birthts,img_path');
      expect(new Set(lines).size).toBe(101);
    });

    it('does not make again what somebody removed, and needs its folder', async () => {
      const [made] = await sources();
      expectStatus(await system.admin.api.delete(`/sources/${made?.['id']}`), 204);
      expect(await firstSource()).toContain('was removed and is not made again');
      expect(await sources()).toEqual([]);
      const missing = await runCommand(system.environment, 'first-source', join(directory, 'nothing'));
      expect(missing).toMatchObject({ code: 2, errors: expect.stringContaining('The folder is not there') });
    });
  });
});
