import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../fixtures/s3/s3-server.js';
import { zipOf } from '../fixtures/zip/zip-files.js';
import type { JsonBody } from './harness/api-client.js';
import { finishedTask, pulled } from './harness/folders.js';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { ready, startDataset } from './harness/uploads.js';

const server = await startS3Server();
/** Why there is no server, where there is none. */
const lack = typeof server === 'string' ? ` (left out: ${server})` : '';
const BLOBS = `datacore-${unique('blobs')}`.toLowerCase();
const SOURCE = `datacore-${unique('source')}`.toLowerCase();
const PROCESSED = `datacore-${unique('processed')}`.toLowerCase();

const person = (id: number): [string, string] => [
  `${id}.csv`,
  `first_name, last_name, birthts\nAnn, Lee, ${id}\n`,
];

describe.skipIf(lack !== '')(`with an S3 service${lack}`, () => {
  const s3 = server as S3Server;
  let system: System;
  let tenant: Tenant;

  beforeAll(async () => {
    for (const bucket of [BLOBS, SOURCE, PROCESSED]) await s3.makeBucket(bucket);
    system = await startSystem({ workers: 1, env: { ...s3.environment, S3_BUCKET: BLOBS } });
    tenant = await system.make.tenant();
  });
  afterAll(async () => {
    await system.stop();
    s3.stop();
  });

  const put = (key: string, content: string | Uint8Array): Promise<unknown> =>
    s3.client.send(new PutObjectCommand({ Bucket: SOURCE, Key: key, Body: content }));
  const fetched = async (bucket: string, key: string): Promise<Buffer> => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return buffer(Body as Readable);
  };
  const keysOf = async (bucket: string, prefix: string): Promise<string[]> => {
    const { Contents = [] } = await s3.client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
    );
    return Contents.map(({ Key = '' }) => Key);
  };
  const create = (body: JsonBody) =>
    tenant.analyst.api.post('/sources', { customerId: tenant.customerId, kind: 's3', ...body });
  const rowsOf = async (datasetId: string): Promise<JsonBody> =>
    expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows`), 200);

  it('keeps uploaded files in its bucket and reads them from there', async () => {
    const content = `id,note\n1,${unique('note')}\n`;
    const { upload } = await startDataset(tenant.analyst, tenant, content);
    const { sha256 } = await ready(tenant.viewer.api, upload.id);
    expect(await keysOf(BLOBS, 'blobs/')).toContain(
      `blobs/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`,
    );
    expect((await tenant.viewer.api.get(`/uploads/${upload.id}/file`)).text).toBe(content);
  });

  it('pulls a part of a bucket: each object once, and what changed', async () => {
    const source = expectStatus(
      await create({ bucket: SOURCE, prefix: 'many', pattern: '*.csv', mode: 'upsert', keyColumns: ['id'] }),
      201,
    );
    for (let id = 0; id < 5; id += 1) await put(`many/${id}.csv`, `id,note\n${id},${unique('n')}\n`);
    await put('manyfold/6.csv', 'id\n6\n');
    const [first] = [await pulled(tenant.analyst, source.id)];
    expect(first).toMatchObject({ status: 'succeeded', counts: { taken: 5, skipped: 0 } });
    await put('many/3.csv', 'id,note\n3,changed\n');
    expect(await pulled(tenant.analyst, source.id)).toMatchObject({
      counts: { taken: 1, unchanged: 4 },
      taken: [{ key: '3.csv' }],
    });
    expect((await rowsOf(source.datasetId)).count).toBe(5);
  });

  it('runs the bundle of the original system from source to processed-data', async () => {
    await put(
      'people/source.zip',
      zipOf(Object.fromEntries([person(1000), person(1001), ['1001.png', 'image']])),
    );
    const source = expectStatus(
      await create({
        bucket: SOURCE,
        prefix: 'people/',
        bundle: {},
        publishTo: { bucket: PROCESSED, prefix: 'people' },
      }),
      201,
    );
    expect(await pulled(tenant.analyst, source.id)).toMatchObject({
      status: 'succeeded',
      output: { bucket: PROCESSED, key: 'people/output.csv', rowCount: 2 },
    });
    expect((await fetched(PROCESSED, 'people/output.csv')).toString()).toBe(
      'user_id,first_name,last_name,birthts,img_path\r\n1000,Ann,Lee,1000,\r\n1001,Ann,Lee,1001,source.zip/1001.png\r\n',
    );
  });

  it('says what is wrong with a bucket, and gives nobody the files of all', async () => {
    expectStatus(await create({ bucket: BLOBS }), 400);
    const source = expectStatus(await create({ bucket: 'there-is-no-such-bucket' }), 201);
    const run = await pulled(tenant.analyst, source.id);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });
  });

  it('exports Parquet that DuckDB reads, with names and types', async () => {
    const lines = Array.from(
      { length: 50 },
      (_, n) => `${n},"Étage, ${n}",${n / 2},2026-01-${String(1 + (n % 28)).padStart(2, '0')}`,
    );
    const content = `shopper id,name,spend,since\n${lines.join('\n')}\n`;
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
    await ready(tenant.viewer.api, upload.id);
    const order = {
      format: 'parquet',
      filters: { spend: { gte: 5 } },
      to: { bucket: PROCESSED, prefix: 'lake/shoppers' },
    };
    const path = `/datasets/${dataset.id}/export`;
    const { task } = expectStatus(await tenant.analyst.api.post(path, order), 202);
    const { status, result } = await finishedTask(tenant.analyst, task.id);
    expect({ status, rowCount: result?.rowCount }).toEqual({ status: 'succeeded', rowCount: 40 });
    expect(await keysOf(PROCESSED, 'lake/')).toEqual([
      'lake/shoppers/_SUCCESS',
      'lake/shoppers/part-00000.parquet',
    ]);
    const again = expectStatus(await tenant.analyst.api.post(path, order), 202).task;
    expect((await finishedTask(tenant.analyst, again.id)).error.code).toBe('conflict');
    expect((await tenant.analyst.api.post(path, { ...order, filters: { nothing: '1' } })).status).toBe(400);
    expect((await tenant.analyst.api.post(path, { ...order, to: { bucket: BLOBS } })).status).toBe(400);

    const directory = await mkdtemp(join(tmpdir(), 'lake-'));
    const file = join(directory, 'part.parquet');
    await writeFile(file, await fetched(PROCESSED, 'lake/shoppers/part-00000.parquet'));
    const connection = await (await DuckDBInstance.create()).connect();
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
    expect(reader.getRows().map(([name, type]) => [name, type])).toEqual([
      ['shopper id', 'BIGINT'],
      ['name', 'VARCHAR'],
      ['spend', expect.stringMatching(/DECIMAL|DOUBLE/)],
      ['since', 'DATE'],
    ]);
    connection.closeSync();
    await rm(directory, { recursive: true });
  });
});
