import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { onlineRetail, ready, type RetailData, startDataset } from './harness/uploads.js';
import type { JsonBody } from './harness/api-client.js';

let system: System;
let tenant: Tenant;
let data: RetailData;
let dataset: JsonBody;
let upload: JsonBody;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  data = onlineRetail();
  const started = await startDataset(tenant.analyst, tenant, data.csv);
  upload = await ready(tenant.viewer.api, started.upload.id);
  dataset = expectStatus(await tenant.viewer.api.get(`/datasets/${started.dataset.id}`), 200);
});
afterAll(() => system.stop());

const column = (name: string): JsonBody =>
  dataset.columns.find((candidate: { name: string }) => candidate.name === name);

describe('Online Retail', () => {
  it('loads every record: none rejected, repeated rows counted and kept', () => {
    expect(upload).toMatchObject({
      rowCount: data.rows,
      rejectedCount: 0,
      duplicateCount: data.duplicateRows,
      sizeBytes: data.csv.length,
      encoding: 'utf-8',
      delimiter: ',',
      error: null,
    });
    expect(dataset).toMatchObject({ rowCount: data.rows, uploadCount: 1, kind: 'transactions' });
  });

  it('gets the narrowest types that all values fit', () => {
    expect(dataset.columns.map(({ name, type }: Record<string, string>) => [name, type])).toEqual([
      ['InvoiceNo', 'text'],
      ['StockCode', 'text'],
      ['Description', 'text'],
      ['Quantity', 'integer'],
      ['InvoiceDate', 'timestamp'],
      ['UnitPrice', 'decimal'],
      ['CustomerID', 'integer'],
      ['Country', 'text'],
    ]);
  });

  it('keeps missing values missing', () => {
    expect(column('CustomerID').nulls).toBe(data.rowsWithoutShopper);
    expect(column('Description').nulls).toBe(data.rowsWithoutDescription);
    expect(column('InvoiceNo').nulls).toBe(0);
  });

  it('reads dates month first', () => {
    expect(column('InvoiceDate').min).toMatch(new RegExp(`^${data.firstAt}`));
    expect(column('InvoiceDate').max).toMatch(new RegExp(`^${data.lastAt}`));
  });

  it('finds the roles of its columns', () => {
    expect(dataset.mapping.roles).toEqual({
      shopperId: 'CustomerID',
      orderId: 'InvoiceNo',
      orderedAt: 'InvoiceDate',
      quantity: 'Quantity',
      unitPrice: 'UnitPrice',
      product: 'StockCode',
    });
  });

  it('tells the progress and result of its task', async () => {
    const task = expectStatus(await tenant.viewer.api.get(`/tasks/${upload.taskId}`), 200);
    expect(task).toMatchObject({ kind: 'ingest', status: 'succeeded', attempts: 1, error: null });
    expect(task.result).toMatchObject({ uploadId: upload.id, rowCount: data.rows, rejectedCount: 0 });
    expect(task.progress.done).toBe(task.progress.total);
  });

  it('answers rows that are in the file', async () => {
    const { results } = expectStatus(
      await tenant.viewer.api.get(`/datasets/${dataset.id}/rows?pageSize=1`),
      200,
    );
    const [header, first] = data.csv.toString('utf8', 0, 2000).split('\n');
    expect(Object.keys(results[0]).join(',')).toBe(header);
    expect(first).toContain(`${results[0].InvoiceNo},${results[0].StockCode},${results[0].Description},`);
  });
});
