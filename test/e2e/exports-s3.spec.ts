import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../fixtures/s3/s3-server.js';
import type { JsonBody } from './harness/api-client.js';
import { Bucket } from './harness/buckets.js';
import { finishedTask } from './harness/folders.js';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

const FEATURES = new URL('../../examples/spark/features.sql', import.meta.url);
const server = await startS3Server();
/** Why there is no server, where there is none. */
const lack = typeof server === 'string' ? ` (left out: ${server})` : '';

/** Does all statements with DuckDB. @returns rows of the last */
async function query(...statements: string[]): Promise<JsonBody[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    for (const statement of statements.slice(0, -1)) await connection.run(statement);
    return (await connection.runAndReadAll(statements.at(-1) ?? '')).getRowObjectsJson() as JsonBody[];
  } finally {
    connection.closeSync();
  }
}

describe.skipIf(lack !== '')(`other engines, by an S3 service${lack}`, () => {
  const s3 = server as S3Server;
  const blobs = `datacore-${unique('blobs')}`;
  const lake = new Bucket(s3, `datacore-${unique('lake')}`);
  let system: System;
  let tenant: Tenant;
  let directory: string;

  beforeAll(async () => {
    for (const bucket of [blobs, lake.name]) await s3.makeBucket(bucket);
    system = await startSystem({ workers: 1, env: { ...s3.environment, S3_BUCKET: blobs } });
    tenant = await system.make.tenant();
    directory = await mkdtemp(join(tmpdir(), 'lake-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
    await system.stop();
    s3.stop();
  });

  const exported = async (datasetId: string, order: JsonBody): Promise<JsonBody> => {
    const answer = await tenant.analyst.api.post(`/datasets/${datasetId}/export`, order);
    return finishedTask(tenant.analyst, expectStatus(answer, 202).task.id);
  };
  const report = async (body: JsonBody): Promise<JsonBody> => {
    const answer = await tenant.analyst.api.post('/reports', { customerId: tenant.customerId, ...body });
    return finishedReport(tenant.viewer.api, expectStatus(answer, 202).report.id);
  };
  it('get Parquet that DuckDB reads, with names and types', async () => {
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
      to: { bucket: lake.name, prefix: 'shoppers' },
    };
    const { status, result } = await exported(dataset.id, order);
    expect({ status, rowCount: result?.rowCount }).toEqual({ status: 'succeeded', rowCount: 40 });
    expect(await lake.keys('shoppers/')).toEqual(['shoppers/_SUCCESS', 'shoppers/part-00000.parquet']);
    expect((await exported(dataset.id, order)).error.code).toBe('conflict');
    const path = `/datasets/${dataset.id}/export`;
    expect((await tenant.analyst.api.post(path, { ...order, filters: { nothing: '1' } })).status).toBe(400);
    expect((await tenant.analyst.api.post(path, { ...order, to: { bucket: blobs } })).status).toBe(400);

    const file = join(directory, 'shoppers.parquet');
    await writeFile(file, await lake.get('shoppers/part-00000.parquet'));
    const columns = await query(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
    expect(columns.map(({ column_name: name, column_type: type }) => [name, type])).toEqual([
      ['shopper id', 'BIGINT'],
      ['name', 'VARCHAR'],
      ['spend', expect.stringMatching(/DECIMAL|DOUBLE/)],
      ['since', 'DATE'],
    ]);
  });

  it('find the habits that a report finds, and their groups come back as the segments of one', async () => {
    const { dataset, upload } = await startDataset(tenant.analyst, tenant, retailSample().csv);
    await ready(tenant.viewer.api, upload.id);
    const { result } = await exported(dataset.id, { to: { bucket: lake.name, prefix: 'sales' } });
    for (const [part, { key }] of result.files.entries()) {
      await writeFile(join(directory, `sales-${part}.parquet`), await lake.get(key));
    }
    const grouped = join(directory, 'grouped.csv');
    const habits = await query(
      // Two functions that DuckDB has by other names than Spark.
      'CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)',
      'CREATE MACRO unix_timestamp(moment) AS epoch(moment)',
      `CREATE VIEW sales AS SELECT "CustomerID" AS shopper, "InvoiceNo" AS order_id, "InvoiceDate" AS sold_at,
         "Quantity" AS quantity, "UnitPrice" AS price FROM read_parquet('${directory}/sales-*.parquet')`,
      `CREATE TABLE habits AS ${await readFile(FEATURES, 'utf8')}`,
      `COPY (SELECT *, CASE WHEN frequency > 2 THEN 'regular' WHEN recencyDays > 100 THEN 'lost' ELSE 'new' END AS segment
         FROM habits) TO '${grouped}' (HEADER)`,
      `FROM habits JOIN read_csv('${grouped}', all_varchar = true) USING (shopper)`,
    );

    const ours = await report({ datasetIds: [dataset.id], k: 3 });
    const members = await tenant.viewer.api.get(`/reports/${ours.id}/export?format=json`);
    const features = new Map(
      (JSON.parse(members.text) as JsonBody[]).map((member) => [
        String(member['shopperId']),
        member['features'],
      ]),
    );
    expect(habits).toHaveLength(ours.data.shoppers);
    for (const { shopper, recencyDays, frequency, monetary } of habits) {
      expect(features.get(shopper)).toEqual({
        recencyDays,
        frequency: Number(frequency),
        monetary: expect.closeTo(Number(monetary), 6),
      });
    }

    const back = await startDataset(tenant.analyst, tenant, await readFile(grouped), { kind: 'shoppers' });
    await ready(tenant.viewer.api, back.upload.id);
    const theirs = await report({ datasetIds: [back.dataset.id], groupBy: 'segment' });
    expect(theirs).toMatchObject({ status: 'succeeded', params: { groupBy: 'segment' } });
    const sizes = new Map<string, number>();
    for (const { segment } of habits) sizes.set(segment, (sizes.get(segment) ?? 0) + 1);
    expect(sizes.size).toBe(3);
    expect(new Map(theirs.segments.map(({ label, size }: JsonBody) => [label, size]))).toEqual(sizes);
    const [first] = theirs.segments;
    const path = `/reports/${theirs.id}/segments/${first.index}/members`;
    expect(expectStatus(await tenant.viewer.api.get(path), 200).count).toBe(first.size);
  });
});
