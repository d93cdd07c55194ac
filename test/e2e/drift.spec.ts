import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';
import type { JsonBody } from './harness/api-client.js';

let system: System;
let tenant: Tenant;
let datasetId: string;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const content = `CustomerID,InvoiceDate,Amount,Note\n1,2011-01-02,3,${unique('n')}\n`;
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content);
  await ready(tenant.viewer.api, upload.id);
  datasetId = dataset.id;
});
afterAll(() => system.stop());

/** The upload once it is read, well or not. */
const sent = async (content: string, fields: Record<string, string> = {}): Promise<JsonBody> => {
  const path = `/datasets/${datasetId}/uploads`;
  const { upload } = expectStatus(await tenant.analyst.api.post(path, csvForm(fields, content)), 202);
  return until('the upload to be read', async () => {
    const now = expectStatus(await tenant.viewer.api.get(`/uploads/${upload.id}`), 200);
    return (now.status === 'ready' || now.status === 'failed') && now;
  });
};

const undo = async (upload: JsonBody): Promise<void> => {
  expectStatus(await tenant.analyst.api.delete(`/uploads/${upload.id}`), 204);
};

const changes = ({ drift }: JsonBody): string[] =>
  drift.map(({ column, change }: JsonBody) => `${column} ${change}`);

const lastRow = async (): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows`), 200).results.at(-1);

const clients = (): string => `Client,InvoiceDate,Amount,Note\n7,2011-01-03,4,${unique('n')}\n`;

const amounting = (...amounts: string[]): string =>
  `CustomerID,InvoiceDate,Amount,Note\n${amounts.map((amount) => `2,2011-01-03,${amount},${unique('n')}\n`).join('')}`;

describe('a later file', () => {
  it('of the same columns has no drift', async () => {
    const upload = await sent(`Note,CustomerID,InvoiceDate,Amount\n${unique('n')},2,2011-01-03,4\n`);
    expect(upload).toMatchObject({ status: 'ready', drift: [] });
    await undo(upload);
  });

  it('loads where names differ in their writing alone, and says so', async () => {
    const upload = await sent(`customer id,Invoice_Date,AMOUNT,Note\n2,2011-01-03,4,${unique('n')}\n`);
    expect(changes(upload)).toEqual(['CustomerID renamed', 'InvoiceDate renamed', 'Amount renamed']);
    expect(await lastRow()).toMatchObject({ CustomerID: 2, InvoiceDate: '2011-01-03', Amount: 4 });
    await undo(upload);
  });

  it('fails with the difference where a column was renamed, loads with a mapping, which is remembered', async () => {
    const failed = await sent(clients());
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });
    expect(changes(failed)).toEqual(['Client extra', 'CustomerID missing']);
    expect(failed.error.message).toContain('"CustomerID" missing');

    const mapping = JSON.stringify({ columns: { Client: { as: 'CustomerID' } } });
    const told = await sent(clients(), { mapping });
    expect(changes(told)).toEqual(['CustomerID renamed']);
    expect(await lastRow()).toMatchObject({ CustomerID: 7 });
    const remembered = await sent(clients());
    expect(remembered).toMatchObject({ status: 'ready', rowCount: 1 });
    expect(changes(remembered)).toEqual(['CustomerID renamed']);
    const { mapping: inForce, columns } = expectStatus(
      await tenant.viewer.api.get(`/datasets/${datasetId}`),
      200,
    );
    expect(inForce.roles.shopperId).toBe('CustomerID');
    expect(columns).toHaveLength(4);
    // What the dataset answers may be sent back.
    expectStatus(await tenant.analyst.api.patch(`/datasets/${datasetId}`, { mapping: inForce }), 200);
    await undo(told);
    await undo(remembered);
  });

  it('knows a renamed column by the role that the mapping gives it', async () => {
    const mapping = JSON.stringify({ roles: { orderedAt: 'When' } });
    const upload = await sent(`CustomerID,When,Amount,Note\n8,2011-01-04,4,${unique('n')}\n`, { mapping });
    expect(changes(upload)).toEqual(['InvoiceDate renamed']);
    expect(await lastRow()).toMatchObject({ CustomerID: 8, InvoiceDate: '2011-01-04' });
    await undo(upload);
  });

  it('may have more columns, or lack one that nothing depends on', async () => {
    const more = await sent(
      `CustomerID,InvoiceDate,Amount,Note,Region\n2,2011-01-03,4,${unique('n')},North\n`,
    );
    expect(changes(more)).toEqual(['Region extra']);
    expect(await lastRow()).toMatchObject({ Region: 'North' });
    await undo(more);
    const fewer = await sent(
      `CustomerID,InvoiceDate,Amount\n2,2011-01-03,${Math.floor(Math.random() * 1e9)}\n`,
    );
    expect(changes(fewer)).toEqual(['Note missing']);
    await undo(fewer);
  });

  it('fails where a column with a role is missing', async () => {
    const failed = await sent(`CustomerID,Amount,Note\n2,4,${unique('n')}\n`);
    expect(failed.status).toBe('failed');
    expect(changes(failed)).toEqual(['InvoiceDate missing']);
  });

  it('widens numbers and dates, and says so', async () => {
    const upload = await sent(`CustomerID,InvoiceDate,Amount,Note\n2,2011-01-03 10:30,4.5,${unique('n')}\n`);
    expect(changes(upload)).toEqual(['InvoiceDate widened', 'Amount widened']);
    expect(upload.drift[1].detail).toContain('integer → decimal');
    const { columns } = expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}`), 200);
    expect(columns.map(({ type }: JsonBody) => type)).toEqual(['integer', 'timestamp', 'decimal', 'text']);
    await undo(upload);
  });

  it('rejects values of another type, and fails where none fits', async () => {
    const some = await sent(amounting('4', 'many'));
    expect(some).toMatchObject({
      status: 'ready',
      rowCount: 1,
      rejectedCount: 1,
      anomalyCounts: { bad_cast: 1 },
    });
    expect(changes(some)).toEqual(['Amount retyped']);
    await undo(some);
    const none = await sent(amounting('few', 'many'));
    expect(none.status).toBe('failed');
    expect(changes(none)).toEqual(['Amount retyped']);
    expect(none.error.message).toContain('2 of 2 values');
  });

  it('with replace is free in its columns', async () => {
    const upload = await sent(`a,b\n1,${unique('n')}\n`, { mode: 'replace' });
    expect(upload).toMatchObject({ status: 'ready', drift: [] });
    await undo(upload);
  });
});
