import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique, until } from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';

const LIMITS = { upload: 20_000_000, record: 1000, cell: 300, columns: 5, header: 12 };

let system: System;
let tenant: Tenant;
beforeAll(async () => {
  system = await startSystem({
    workers: 1,
    env: {
      MAX_UPLOAD_BYTES: String(LIMITS.upload),
      MAX_RECORD_BYTES: String(LIMITS.record),
      MAX_CELL_BYTES: String(LIMITS.cell),
      MAX_COLUMNS: String(LIMITS.columns),
      MAX_HEADER_LENGTH: String(LIMITS.header),
    },
  });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

async function send(content: string | Buffer, fileName = 'sales.csv', fields: Record<string, string> = {}) {
  const form = csvForm(
    { customerId: tenant.customerId, name: unique('dataset'), ...fields },
    content,
    fileName,
  );
  return tenant.analyst.api.post('/datasets', form);
}

async function read(content: string | Buffer, fileName?: string, fields?: Record<string, string>) {
  const { upload } = expectStatus(await send(content, fileName, fields), 202);
  return ready(tenant.viewer.api, upload.id);
}

const rowsOf = async ({ datasetId }: { datasetId: string }) =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows`), 200).results;

/** Temporary files of receptions that are over. */
const left = (): Promise<string[]> => readdir(join(system.dataDirectory, 'blobs', 'incoming'));

describe('a .csv.gz', () => {
  const CSV = 'Shopper;Spent\nAnn;1,50\nBob;2,25\nragged\n';
  const GZIP = gzipSync(CSV);

  it('is read, kept as it came, and its rejects are plain CSV', async () => {
    const upload = await read(GZIP, 'May.csv.gz');
    expect(upload).toMatchObject({ rowCount: 2, rejectedCount: 1, sizeBytes: GZIP.length });
    expect(upload.sha256).toBe(createHash('sha256').update(GZIP).digest('hex'));
    expect(upload.dialect).toMatchObject({ compression: 'gzip', delimiter: ';', header: true });
    expect(await rowsOf(upload)).toEqual([
      { Shopper: 'Ann', Spent: 1.5 },
      { Shopper: 'Bob', Spent: 2.25 },
    ]);
    const file = await tenant.viewer.api.get(`/uploads/${upload.id}/file`);
    expect(file.headers.get('content-type')).toBe('application/gzip');
    const rejects = await tenant.viewer.api.get(`/uploads/${upload.id}/rejects`);
    expect(rejects.headers.get('content-disposition')).toContain('"May-rejects.csv"');
    expect(rejects.text).toBe('Shopper;Spent\nragged\n');
  });

  it('is refused under another name, damaged, cut short, or with an archive within', async () => {
    expectStatus(await send(GZIP, 'May.csv'), 415);
    expectStatus(await send(GZIP.subarray(0, -9), 'May.csv.gz'), 422);
    expectStatus(
      await send(Buffer.concat([GZIP.subarray(0, 12), Buffer.from('no deflate')]), 'a.csv.gz'),
      422,
    );
    expectStatus(await send(gzipSync(GZIP), 'May.csv.gz'), 415);
    expectStatus(await send(gzipSync(''), 'May.csv.gz'), 422);
    expect(await left()).toEqual([]);
  });

  it('is refused with 413 while it inflates beyond the limit or beyond its ratio, and nothing is left', async () => {
    const before = await left();
    const bomb = gzipSync(Buffer.alloc(19_000_000, '1,2\n'));
    expect(expectStatus(await send(bomb, 'bomb.csv.gz'), 413).detail).toMatch(/100 times/);
    const long = Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(LIMITS.upload, '1,2\n')]);
    expect(expectStatus(await send(gzipSync(long), 'long.csv.gz'), 413).code).toBe('payload_too_large');
    expect(await left()).toEqual(before);
  });
});

const text = (length: number): string => 'x'.repeat(length);

describe('limits at their edges (I5)', () => {
  it.each([-1, 0])('take what is %i beyond them', async (beyond) => {
    const names = ['a', 'b', 'c', 'd', 'e'].slice(0, LIMITS.columns + beyond);
    const row = names.map((_, index) => index).join(',');
    expect(await read(`${names.join(',')}\n${row}\n`)).toMatchObject({ rowCount: 1 });
    expect(await read(`${text(LIMITS.header + beyond)},b\n1,${beyond}\n`)).toMatchObject({ rowCount: 1 });
    expect(await read(`a,b\n${text(LIMITS.cell + beyond)},1\n`)).toMatchObject({ rejectedCount: 0 });
    const cells = [text(300), text(300), text(300), text(LIMITS.record - 903 + beyond)];
    expect(await read(`a,b,c,d\n${cells.join(',')}\n`)).toMatchObject({ rejectedCount: 0 });
    const content = 'a,b\n'.padEnd(LIMITS.upload + beyond, '1,2\n');
    const answer = expectStatus(await send(content), 202);
    expectStatus(await tenant.analyst.api.delete(`/uploads/${answer.upload.id}`), 204);
  });

  it('refuse or reject what is one beyond them, each with its own reason', async () => {
    expect(expectStatus(await send('a,b,c,d,e,f\n1,2,3,4,5,6\n'), 422).detail).toMatch(
      /6 columns, more than the 5/,
    );
    expect(expectStatus(await send(`${text(LIMITS.header + 1)},b\n1,2\n`), 422).detail).toMatch(
      /12 characters/,
    );
    const content = 'a,b\n'.padEnd(LIMITS.upload + 1, '1,2\n');
    expectStatus(await send(content), 413);
    const cells = [text(300), text(300), text(300), text(LIMITS.record - 902)];
    const large = `a,b,c,d\n1,2,3,4\n${cells.join(',')}\n${text(LIMITS.cell + 1)},2,3,4\n`;
    const upload = await read(large);
    expect(upload).toMatchObject({
      rowCount: 1,
      rejectedCount: 2,
      anomalyCounts: { record_too_large: 1, cell_too_large: 1 },
    });
    const anomalies = expectStatus(await tenant.viewer.api.get(`/uploads/${upload.id}/anomalies`), 200);
    expect(anomalies.results.map(({ line, type }: { line: number; type: string }) => [line, type])).toEqual([
      [3, 'record_too_large'],
      [4, 'cell_too_large'],
    ]);
  });
});

describe('an upload', () => {
  it('shows how it is read and why', async () => {
    const content = Buffer.from('Sales of May\n\nShopper;Spent\nJos\xe9 \x80;5\n', 'latin1');
    const upload = await read(Buffer.concat([content, Buffer.from('Ann;6\nBob;7\nCid;8\n')]));
    expect(upload.dialect).toMatchObject({
      encoding: 'windows-1252',
      compression: null,
      delimiter: ';',
      quote: '"',
      header: true,
      evidence: {
        encoding: expect.stringMatching(/80 to 9F/),
        delimiter: expect.stringMatching(/semicolons/),
      },
    });
  });

  it('gives anomalies of what it holds, which load all the same', async () => {
    const lines = Array.from(
      { length: 40 },
      (_, index) => `${index % 7},${100 + index},2,2020-01-0${1 + (index % 9)},${10 + (index % 5)},x`,
    );
    const odd = [',C5,1,2020-02-01,0,x', '9,7,900000,2999-01-01,-1,x'];
    const upload = await read(
      `CustomerID,InvoiceNo,Quantity,InvoiceDate,UnitPrice\n${[...lines, ...odd].map((line) => line.replace(/,x$/, '')).join('\n')}\n`,
      'sales.csv',
      {
        mapping: JSON.stringify({
          roles: {
            shopperId: 'CustomerID',
            orderId: 'InvoiceNo',
            quantity: 'Quantity',
            orderedAt: 'InvoiceDate',
            unitPrice: 'UnitPrice',
          },
        }),
      },
    );
    expect(upload).toMatchObject({
      rowCount: 42,
      rejectedCount: 0,
      anomalyCounts: {
        missing_shopper: 1,
        cancelled_order: 1,
        zero_price: 1,
        negative_price: 1,
        future_date: 1,
      },
    });
    const future = expectStatus(
      await tenant.viewer.api.get(`/uploads/${upload.id}/anomalies?type=future_date`),
      200,
    );
    expect(future.results).toEqual([
      expect.objectContaining({ line: 43, column: 'InvoiceDate', value: '2999-01-01' }),
    ]);
  });

  it('without a header has columns by number, and says so; sent again with header=true it has names', async () => {
    const upload = await read('1,2.5\n2,3.5\n');
    expect(upload.dialect).toMatchObject({
      header: false,
      evidence: { header: expect.stringMatching(/no record/) },
    });
    expect(await rowsOf(upload)).toEqual([
      { column1: 1, column2: 2.5 },
      { column1: 2, column2: 3.5 },
    ]);
    const { task } = expectStatus(
      await tenant.analyst.api.post(`/uploads/${upload.id}/reprocess`, { header: true }),
      202,
    );
    await until('it to be read again', async () => {
      const { status } = expectStatus(await tenant.viewer.api.get(`/tasks/${task.id}`), 200);
      return status === 'succeeded';
    });
    expect(await rowsOf(upload)).toEqual([{ '1': 2, '2.5': 3.5 }]);
  });

  it('keeps other datasets as they are while one is refused', async () => {
    const { dataset } = await startDataset(tenant.analyst, tenant, 'a,b\n1,2\n3,4\n5,6\n');
    await until('rows', async () => (await rowsOf({ datasetId: dataset.id })).length === 3);
    const form = csvForm({}, 'a,b\n"9,9\n1,1\n');
    const { upload } = expectStatus(
      await tenant.analyst.api.post(`/datasets/${dataset.id}/uploads`, form),
      202,
    );
    await until('it to fail', async () => {
      const { status } = expectStatus(await tenant.viewer.api.get(`/uploads/${upload.id}`), 200);
      return status === 'failed';
    });
    expect(await rowsOf({ datasetId: dataset.id })).toHaveLength(3);
  });
});
