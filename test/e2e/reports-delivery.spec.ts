import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;
let report: JsonBody;

const EVIL = '=cmd|calc';
const ADDRESS = ' Ann@Example.COM ';
const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Forty shoppers, of whom one is a formula, one an e-mail address and one has a comma in its id. */
function sales(): string {
  const ids = [EVIL, `"${ADDRESS}"`, '"Smith, ""Jo"""'];
  const lines = Array.from({ length: 120 }, (_, row) => {
    const shopper = row % 40;
    const amount = ((shopper % 5) + 1) * 10 + row / 8;
    return `${ids[shopper] ?? `s${shopper}`},O${row},2024-0${1 + (row % 9)}-0${1 + (shopper % 8)},${amount}\n`;
  });
  return `customer,order,date,amount\n${lines.join('')}`;
}

async function made(by: Tenant, csv: string | Buffer, body: object): Promise<JsonBody> {
  const { upload } = await startDataset(by.analyst, by, csv);
  await ready(by.viewer.api, upload.id);
  const asked = await by.analyst.api.post('/reports', { customerId: by.customerId, ...body });
  const finished = await finishedReport(by.viewer.api, expectStatus(asked, 202).report.id);
  if (finished.status !== 'succeeded') throw new Error(JSON.stringify(finished.error));
  return finished;
}

const exported = (query: string) => tenant.viewer.api.get(`/reports/${report.id}/export?${query}`);

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  report = await made(tenant, sales(), { k: 3, rfm: { bins: 3 } });
});
afterAll(() => system.stop());

describe('an export of members', () => {
  it('is CSV that no spreadsheet takes for formulas, with its length and hash', async () => {
    const { status, headers, text } = await exported('format=csv');
    expect(status).toBe(200);
    const lines = text.split('\r\n');
    expect(lines[0]).toBe(
      'shopperId,segment,label,recencyDays,frequency,monetary,rfm.r,rfm.f,rfm.m,rfm.group',
    );
    expect(lines.at(-1)).toBe('');
    expect(lines).toHaveLength(42);
    expect(text).toContain(`\r\n'${EVIL},`);
    expect(text).toContain('\r\n"Smith, ""Jo""",');
    expect(lines.find((line) => line.startsWith('s10,'))).toMatch(
      /^s10,\d,[^,]+,\d+,3,\d+(?:\.\d+)?,\d,\d,\d,\w/,
    );
    expect(headers.get('x-row-count')).toBe('40');
    expect(headers.get('x-content-sha256')).toBe(sha256(text));
    const digest = createHash('sha256').update(text).digest('base64');
    expect(headers.get('repr-digest')).toBe(`sha-256=:${digest}:`);
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(headers.get('content-disposition')).toBe(`attachment; filename="report-${report.id}.csv"`);
  });

  it('holds in JSON what the members have', async () => {
    const { body, headers, text } = await exported('format=json');
    expect(headers.get('x-content-sha256')).toBe(sha256(text));
    expect(body).toHaveLength(40);
    for (const { label, ...member } of body.slice(0, 5)) {
      expect(label).toBe(report.segments[member.segment].label);
      const path = `/reports/${report.id}/members/${encodeURIComponent(member.shopperId)}`;
      expect(expectStatus(await tenant.viewer.api.get(path), 200)).toEqual(member);
    }
  });

  it('is Parquet that others can read', async () => {
    const answer = await fetch(`${system.baseUrl}/api/v1/reports/${report.id}/export?format=parquet`, {
      headers: { authorization: `Bearer ${tenant.viewer.accessToken}` },
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(answer.headers.get('x-content-sha256')).toBe(sha256(bytes));
    const directory = await mkdtemp(join(tmpdir(), 'members-'));
    try {
      const path = join(directory, 'members.parquet');
      await writeFile(path, bytes);
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const reader = await connection.runAndReadAll(
        `SELECT count(*)::INTEGER AS rows, sum(monetary) AS money, max("rfm.group") AS last FROM '${path}'`,
      );
      expect(reader.getRowObjectsJS()).toEqual([
        { rows: 40, money: expect.closeTo(report.data.revenue, 6), last: expect.any(String) },
      ]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('takes one segment and filters', async () => {
    for (const { index, size } of report.segments) {
      const { body, headers } = await exported(`format=json&segment=${index}`);
      expect(headers.get('x-row-count')).toBe(String(size));
      expect(body.every(({ segment }: JsonBody) => segment === index)).toBe(true);
    }
    const { body } = await exported('format=json&filter[monetary][gte]=100&filter[recencyDays][lt]=100');
    const all = (await exported('format=json')).body;
    expect(body).toEqual(
      all.filter(({ features }: JsonBody) => features.monetary >= 100 && features.recencyDays < 100),
    );
    expect(body.length).toBeGreaterThan(0);
    const nobody = await exported('filter[monetary][gt]=1000000');
    expect(nobody.headers.get('x-row-count')).toBe('0');
    expect(nobody.text).toMatch(/^shopperId,[^\n]*\r\n$/);
    expect((await exported('format=json&filter[monetary][gt]=1000000')).body).toEqual([]);
    for (const bad of [
      'segment=3',
      'segment=x',
      'format=xml',
      'filter[age]=3',
      'filter[monetary]=much',
      'all=1',
    ]) {
      expect([bad, (await exported(bad)).status]).toEqual([bad, 400]);
    }
  });

  it('hashes e-mail addresses as advertising platforms want them, and gives away no id', async () => {
    const { text } = await exported('format=csv&hashedEmail=true');
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^hashedEmail,segment,/);
    const hashes = lines.slice(1).map((line) => line.split(',')[0]);
    expect(hashes.filter((hash) => hash !== '')).toEqual([sha256('ann@example.com')]);
    expect(text).not.toContain('Ann');
  });
});

describe('the page of a report', () => {
  it('needs nothing but itself, and allows nothing else', async () => {
    const { status, headers, text } = await tenant.viewer.api.get(`/reports/${report.id}/page`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<script|<img|<link|style="|\bon\w+="|https?:|url\(/i);
    expect(text.match(/<svg/g)).toHaveLength(4);
    for (const { label, summary, action } of report.segments) {
      for (const shown of [label, summary, action]) expect(text).toContain(shown);
    }
  });

  it('shows text of the data as text', async () => {
    const evil = await system.make.tenant();
    const groups = ['<script>alert(1)</script>', '"><b onclick=x>', 'plain'];
    const rows = Array.from({ length: 60 }, (_, i) => {
      const group = (groups[i % 3] ?? '').replaceAll('"', '""');
      return `${i},"${group}",${i % 3},${i}\n`;
    });
    const made1 = await made(evil, `CustomerID,<i>Group</i>,Level,Score\n${rows.join('')}`, {
      groupBy: '<i>Group</i>',
    });
    const { text } = await evil.viewer.api.get(`/reports/${made1.id}/page`);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toMatch(/<script|<b onclick|<i>Group/);
  });

  it('exists for finished reports only', async () => {
    const asked = await tenant.analyst.api.post('/reports', { customerId: tenant.customerId, seed: 5 });
    const { report: waiting, task } = expectStatus(asked, 202);
    expectStatus(await tenant.analyst.api.post(`/tasks/${task.id}/cancel`), 200);
    await finishedReport(tenant.viewer.api, waiting.id);
    expect(await tenant.viewer.api.get(`/reports/${waiting.id}/page`)).toMatchObject({ status: 409 });
  });

  it('shows a real retailer', async () => {
    const retail = await system.make.tenant();
    const { id } = await made(retail, retailSample().csv, { rfm: { bins: 5 } });
    const { text } = await retail.viewer.api.get(`/reports/${id}/page`);
    expect(text).toMatch(/What sets them apart/);
  });
});
