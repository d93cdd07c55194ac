import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import type { JsonBody } from './harness/api-client.js';
import { noticeClosedConnections, tableOf } from './harness/table.js';
import { csvForm, onlineRetail, ready, startDataset } from './harness/uploads.js';

const HOSTILE = [
  ['=1+2', '=1+2', "'=1+2"],
  ['+1', '+x', "'+x"],
  ['-1', '-x', "'-x"],
  ['@', '@SUM(A1)', "'@SUM(A1)"],
  ['tab', '\tx', "'\tx"],
  ['carriage return', '\rx', "'\rx"],
  ['line feed', '\nx', "'\nx"],
  ['full width', '＝1', "'＝1"],
  ['plain', 'a=b, "c"', 'a=b, "c"'],
  ['quoted', "'=1", "'=1"],
] as const;

let system: System;
let tenant: Tenant;
let retailId: string;
let rows: Record<string, string>[];
let hostileId: string;

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

async function datasetOf(content: string | Buffer, fields: Record<string, string> = {}): Promise<string> {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content, fields);
  await ready(tenant.viewer.api, upload.id);
  return dataset.id;
}

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const { csv } = onlineRetail();
  rows = await tableOf(csv);
  retailId = await datasetOf(csv, { name: 'Sales 2010/11: “all”' });
  const records = HOSTILE.map(([label, text], at) => `${label},${quoted(text)},${-at - 1},-${at}.50,x`);
  hostileId = await datasetOf(`label,=text,number,amount,\n${records.join('\n')}\n`);
});
afterEach(noticeClosedConnections);
afterAll(() => system.stop());

const get = (id: string, query = '', signal?: AbortSignal): Promise<Response> =>
  fetch(`${system.baseUrl}/api/v1/datasets/${id}/export${query}`, {
    headers: { authorization: `Bearer ${tenant.viewer.accessToken}` },
    ...(signal !== undefined && { signal }),
  });

async function exported(id: string, query = ''): Promise<Response> {
  const response = await get(id, query);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}

/** Temporary files of exports, wherever the api may have put them. */
async function leftovers(): Promise<string[]> {
  try {
    const paths = await readdir(join(system.dataDirectory, 'scratch'), { recursive: true });
    return paths.filter((path) => path.includes('export'));
  } catch (error) {
    // A directory went while its content was asked for.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return leftovers();
  }
}

const iso = (text: string): string => {
  const [month = 0, day, year = 0, hour, minute] = text.split(/[/ :]/).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString().replace('.000', '');
};
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;
const safe = (text = ''): string => (FORMULA.test(text) ? `'${text}` : text);

describe('exports of a dataset', () => {
  it('as CSV hold every row and value in the order of the file', async () => {
    const response = await exported(retailId);
    expect(response.headers.get('x-row-count')).toBe(String(rows.length));
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''Sales%202010-11%3A%20%E2%80%9Call%E2%80%9D.csv`,
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    const records = await tableOf(bytes);
    expect(records.length).toBe(rows.length);
    const wrong = rows.findIndex((row, at) => {
      const shown = records[at] ?? {};
      return (
        shown['InvoiceNo'] !== safe(row['InvoiceNo']) ||
        shown['StockCode'] !== safe(row['StockCode']) ||
        shown['Description'] !== safe(row['Description']) ||
        shown['Country'] !== safe(row['Country']) ||
        shown['InvoiceDate'] !== iso(row['InvoiceDate'] ?? '') ||
        shown['CustomerID'] !== row['CustomerID'] ||
        shown['Quantity'] !== row['Quantity'] ||
        shown['UnitPrice'] !== String(Number(row['UnitPrice']))
      );
    });
    expect([wrong, rows[wrong], records[wrong]]).toEqual([-1, undefined, undefined]);
  });

  it('hold the rows that filters leave and the columns that are asked for', async () => {
    const query = 'filter[Country]=France&filter[Quantity][gte]=5&columns=Quantity,StockCode';
    const expected = rows
      .filter(({ Country, Quantity }) => Country === 'France' && Number(Quantity) >= 5)
      .map(({ Quantity, StockCode }) => [Quantity, StockCode]);
    const response = await exported(retailId, `?${query}`);
    expect(response.headers.get('x-row-count')).toBe(String(expected.length));
    expect(parse(await response.text())).toEqual([['Quantity', 'StockCode'], ...expected]);
    const none = '?filter[Country]=Atlantis&columns=Country';
    expect(await (await exported(retailId, none)).text()).toBe('Country\r\n');
    expect(await (await exported(retailId, `${none}&format=json`)).json()).toEqual([]);
    expect(await (await exported(retailId, `${none}&format=ndjson`)).text()).toBe('');
  });

  it('keep the order whatever the filters', async () => {
    const codes = [...new Set(rows.map(({ StockCode = '' }) => StockCode))].slice(0, 300);
    const wanted = new Set(codes);
    const expected = rows.filter(({ StockCode = '' }) => wanted.has(StockCode));
    const response = await exported(
      retailId,
      `?raw=true&columns=InvoiceNo,StockCode&filter[StockCode][in]=${codes.join(',')}`,
    );
    const records = await tableOf(Buffer.from(await response.arrayBuffer()));
    const wrong = records.findIndex(
      (record, at) =>
        record['InvoiceNo'] !== expected[at]?.['InvoiceNo'] ||
        record['StockCode'] !== expected[at]?.['StockCode'],
    );
    expect([records.length, wrong]).toEqual([expected.length, -1]);
  });

  it('as JSON and NDJSON hold the very rows that the api shows', async () => {
    const filter = 'filter[Country]=Spain';
    const shown: JsonBody[] = [];
    for (let page = 1; ; page += 1) {
      const answer = await tenant.viewer.api.get(
        `/datasets/${retailId}/rows?${filter}&pageSize=1000&page=${page}`,
      );
      shown.push(...expectStatus(answer, 200).results);
      if (answer.body.next === null) break;
    }
    const json = await exported(retailId, `?${filter}&format=json`);
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(await json.json()).toEqual(shown);
    const lines = (await (await exported(retailId, `?${filter}&format=ndjson`)).text()).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(shown);
  });

  it('as JSON keep big numbers, hostile names and missing values', async () => {
    const id = await datasetOf('__proto__,a,A,big\nx,1.5,,9007199254740993\n"q""\n",-2,y,1\n');
    const parsed = (await (await exported(id, '?format=json')).json()) as object[];
    expect(parsed.map((row) => Object.entries(row))).toEqual([
      [
        ['__proto__', 'x'],
        ['a', 1.5],
        ['A', null],
        ['big', '9007199254740993'],
      ],
      [
        ['__proto__', 'q"\n'],
        ['a', -2],
        ['A', 'y'],
        ['big', 1],
      ],
    ]);
  });

  it('as Parquet have names and types', async () => {
    const id = await datasetOf(
      'Name,name,on,at,price,n,ok,\nx,y,2011-01-02,2011-01-02 10:30,1.25,7,true,z\n',
    );
    const directory = await mkdtemp(join(tmpdir(), 'export-'));
    try {
      const path = join(directory, 'file.parquet');
      await writeFile(path, Buffer.from(await (await exported(id, '?format=parquet')).arrayBuffer()));
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${path}'`);
      expect(described.getRows().map(([name, type]) => [name, type])).toEqual([
        ['Name', 'VARCHAR'],
        ['name (2)', 'VARCHAR'],
        ['on', 'DATE'],
        ['at', 'TIMESTAMP WITH TIME ZONE'],
        ['price', 'DECIMAL(3,2)'],
        ['n', 'BIGINT'],
        ['ok', 'BOOLEAN'],
        ['column8', 'VARCHAR'],
      ]);
      const text = await connection.runAndReadAll(`SELECT epoch_ms("at"), price, "name (2)" FROM '${path}'`);
      expect(text.getRowsJson()).toEqual([[String(Date.UTC(2011, 0, 2, 10, 30)), '1.25', 'y']]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('make no formulas of texts and names, and leave numbers alone', async () => {
    const cells = parse(await (await exported(hostileId)).text());
    expect(cells[0]).toEqual(['label', "'=text", 'number', 'amount', 'column5']);
    expect(cells.slice(1)).toEqual(
      HOSTILE.map(([label, , shown], at) => [safe(label), shown, String(-at - 1), String(-(at + 0.5)), 'x']),
    );
    const raw = parse(await (await exported(hostileId, '?raw=true')).text());
    expect(raw[0]?.[1]).toBe('=text');
    expect(raw.slice(1).map(([, text]) => text)).toEqual(HOSTILE.map(([, text]) => text));
  });

  it('can be uploaded again and give the same table', async () => {
    const filter = 'filter[Country]=Germany';
    const text = await (await exported(retailId, `?raw=true&${filter}`)).text();
    const again = await (await exported(await datasetOf(text), '?raw=true')).text();
    expect(again).toBe(text);
  });

  it('are whole and in order where they are made of many frames, some of whose rows are superseded', async () => {
    const count = 140_000;
    const lines = Array.from({ length: count }, (_, id) => `${id},${id % 7}`);
    const id = await datasetOf(`id,v\n${lines.join('\n')}\n`);
    const keys = [5, 70_000, count - 1, count];
    const file = `id,v\n${keys.map((key) => `${key},9`).join('\n')}\n`;
    const { upload } = expectStatus(
      await tenant.analyst.api.post(
        `/datasets/${id}/uploads`,
        csvForm({ mode: 'upsert', keyColumns: 'id' }, file),
      ),
      202,
    );
    await ready(tenant.viewer.api, upload.id);
    const expected = [...lines.filter((_, at) => !keys.includes(at)), ...keys.map((key) => `${key},9`)];
    const csv = await exported(id);
    expect(csv.headers.get('x-row-count')).toBe(String(count + 1));
    expect(await csv.text()).toBe(['id,v', ...expected, ''].join('\r\n'));
    const wanted = expected.filter((line) => /,[069]$/.test(line));
    const json = await exported(id, '?format=json&filter[v][in]=0,6,9');
    expect(json.headers.get('x-row-count')).toBe(String(wanted.length));
    const objects = (await json.json()) as JsonBody[];
    expect(objects.map((row) => `${row['id']},${row['v']}`)).toEqual(wanted);
    const last = await exported(id, `?filter[id][gte]=${count - 2}&format=json`);
    expect(await last.json()).toEqual(
      [count - 2, count - 1, count].map((n) => ({ id: n, v: n < count - 1 ? n % 7 : 9 })),
    );
  });

  it('leave no file behind, not even when whoever asked goes away', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const leaving = new AbortController();
      const asked = get(retailId, `?filter[Quantity][ne]=${attempt}`, leaving.signal);
      let answered = false;
      const settled = asked.then(
        () => (answered = true),
        () => undefined,
      );
      await until('the export to begin', async () => answered || (await leftovers()).length > 0);
      leaving.abort();
      await settled;
    }
    const reader = (await exported(retailId)).body?.getReader();
    await reader?.read();
    await (await exported(retailId, '?format=ndjson')).body?.cancel();
    await reader?.cancel();
    await until('the files to be gone', async () => (await leftovers()).length === 0);
    expect((await exported(hostileId)).headers.get('x-row-count')).toBe(String(HOSTILE.length));
  });

  it.each([
    'format=xls',
    'raw=yes',
    'columns=Nowhere',
    'filter[Quantity]=x',
    'format=csv&format=json',
    'page=1',
  ])('refuse %s with 400', async (query) => {
    expect((await get(retailId, `?${query}`)).status).toBe(400);
  });

  it('of a dataset without data are refused with 422', async () => {
    const made = await tenant.analyst.api.post('/datasets', { customerId: tenant.customerId, name: 'Empty' });
    expect((await get(expectStatus(made, 201).id)).status).toBe(422);
  });

  it('follow the dataset: uploads in their order', async () => {
    const id = await datasetOf('n,t\n1,a\n2,b\n');
    const { upload } = expectStatus(
      await tenant.analyst.api.post(`/datasets/${id}/uploads`, csvForm({}, 't,n\nc,3\n')),
      202,
    );
    await ready(tenant.viewer.api, upload.id);
    expect(await (await exported(id)).text()).toBe('n,t\r\n1,a\r\n2,b\r\n3,c\r\n');
  });
});
