import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, startSystem, type System, type Tenant, until } from './harness/index.js';
import { csvForm } from './harness/uploads.js';

const MAX_UPLOAD_BYTES = 400_000;
const GOOD = 'Shopper,Quantity\nA,1\nB,2\n';
// The first bytes of a zip with one stored entry.
const ZIP = Buffer.concat([Buffer.from('PK\u0003\u0004\u0014\0\0\0\0\0', 'latin1'), Buffer.alloc(100, 7)]);

let system: System;
let tenant: Tenant;
let stranger: Tenant;
let datasetId: string;
let before: Traces;

interface Traces {
  rows: Record<string, string>;
  files: string[];
}

/** Everything an upload leaves behind: rows, blobs and temporary files. */
async function traces(): Promise<Traces> {
  const { rows } = await system.database.query<Record<string, string>>(
    `SELECT (SELECT count(*) FROM datasets) AS datasets, (SELECT count(*) FROM uploads) AS uploads,
            (SELECT count(*) FROM tasks) AS tasks, (SELECT count(*) FROM outbox) AS outbox`,
  );
  const entries = await readdir(join(system.dataDirectory, 'blobs'), {
    recursive: true,
    withFileTypes: true,
  });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return { rows: rows[0] ?? {}, files: files.toSorted() };
}

beforeAll(async () => {
  system = await startSystem({ env: { MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES) } });
  tenant = await system.make.tenant();
  stranger = await system.make.tenant();
  const made = await tenant.analyst.api.post('/datasets', {
    customerId: tenant.customerId,
    name: 'existing',
  });
  datasetId = made.body.id;
});
afterAll(() => system.stop());
beforeEach(async () => {
  before = await traces();
});

const fields = (): Record<string, string> => ({ customerId: tenant.customerId, name: 'bad' });

/** What a caller and an operator see of a refused upload. */
async function outcome(answer: Answer): Promise<object> {
  return {
    status: answer.status,
    type: answer.headers.get('content-type')?.split(';')[0],
    problem: answer.body,
    left: await traces(),
  };
}

const refusal = (status: number, code: string, detail = /./): object => ({
  status,
  type: 'application/problem+json',
  problem: expect.objectContaining({ status, code, detail: expect.stringMatching(detail) }),
  left: before,
});

describe('a file that is no CSV', () => {
  it.each([
    ['empty', Buffer.alloc(0), 422, 'unprocessable', /empty/],
    ['a header only', Buffer.from('Shopper,Quantity\n'), 422, 'unprocessable', /header/],
    ['binary', Buffer.from([0x41, 0, 0xff, 0xfe, 0, 0x2c, 0, 0]), 415, 'unsupported_media_type', /binary/],
    ['a zip', ZIP, 415, 'unsupported_media_type', /zip/],
    ['gzip', gzipSync(GOOD), 415, 'unsupported_media_type', /gzip/],
    ['over the limit', Buffer.alloc(MAX_UPLOAD_BYTES + 1, 'a,b\n'), 413, 'payload_too_large', /400000/],
    ['far over the limit', Buffer.alloc(30_000_000, 'a,b\n'), 413, 'payload_too_large', undefined],
    ['a large zip', Buffer.concat([ZIP, Buffer.alloc(350_000, 7)]), 415, 'unsupported_media_type', undefined],
  ])('is refused where it is %s', async (_what, content, status, code, detail) => {
    const start = await tenant.analyst.api.post('/datasets', csvForm(fields(), content));
    expect(await outcome(start)).toEqual(refusal(status, code, detail));
    const add = await tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm({}, content));
    expect(await outcome(add)).toEqual(refusal(status, code, detail));
  });
});

describe('a form', () => {
  it('is refused with 404 for an unknown store, another customer and its store', async () => {
    const post = (change: Record<string, string>) =>
      tenant.analyst.api.post('/datasets', csvForm({ ...fields(), ...change }, GOOD));
    expect(await outcome(await post({ storeId: randomUUID() }))).toEqual(refusal(404, 'not_found', /store/));
    expect(await outcome(await post({ storeId: stranger.storeId }))).toEqual(
      refusal(404, 'not_found', /store/),
    );
    expect(await outcome(await post({ customerId: stranger.customerId }))).toEqual(
      refusal(404, 'not_found', /customer/),
    );
    expect(await outcome(await post({ customerId: randomUUID() }))).toEqual(
      refusal(404, 'not_found', /customer/),
    );
    const into = await stranger.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm({}, GOOD));
    expect(await outcome(into)).toEqual(refusal(404, 'not_found', /dataset/));
  });

  it.each([
    ['no JSON', '{', /mapping/],
    ['no object', '[]', /mapping/],
    ['an unknown role', '{"roles":{"buyer":"Shopper"}}', /buyer/],
    ['an unknown type', '{"columns":{"Shopper":{"type":"money"}}}', /type/],
    ['a column that the file lacks', '{"roles":{"shopperId":"Customer"}}', /"Customer"/],
    ['two roles for a column', '{"roles":{"shopperId":"Shopper","orderId":"Shopper"}}', /two roles/],
  ])('is refused where its mapping is %s', async (_what, mapping, detail) => {
    const start = await tenant.analyst.api.post('/datasets', csvForm({ ...fields(), mapping }, GOOD));
    expect(await outcome(start)).toEqual(refusal(400, 'invalid_parameter', detail));
    expect(Object.keys(start.body.fields)[0]).toMatch(/^mapping/);
    const add = await tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm({ mapping }, GOOD));
    expect(await outcome(add)).toEqual(refusal(400, 'invalid_parameter', detail));
  });

  it.each([
    ['without a file', { name: 'x' }, null],
    ['with an unknown field', { color: 'red' }, GOOD],
    ['with an unknown encoding', { encoding: 'klingon' }, GOOD],
    ['with an unknown kind', { kind: 'sales' }, GOOD],
    ['with an id that is none', { storeId: 'x' }, GOOD],
    ['without a name', { name: '' }, GOOD],
  ])('is refused %s', async (_what, change, content) => {
    const form = csvForm({ ...fields(), ...change }, content ?? '');
    if (content === null) form.delete('file');
    expect(await outcome(await tenant.analyst.api.post('/datasets', form))).toEqual(
      refusal(400, 'invalid_parameter'),
    );
  });

  it.each(['merge', 'UPSERT'])('is refused where its mode is %s', async (mode) => {
    const answer = await tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, csvForm({ mode }, GOOD));
    expect(await outcome(answer)).toEqual(refusal(400, 'invalid_parameter', /mode/));
  });

  it('is refused with 415 where it is none', async () => {
    for (const path of ['/datasets', `/datasets/${datasetId}/uploads`]) {
      const answer = await tenant.analyst.api.post(path, GOOD, { headers: { 'content-type': 'text/csv' } });
      expect(await outcome(answer)).toEqual(refusal(415, 'unsupported_media_type', /multipart/));
    }
  });

  it('is refused with 400 where it ends too early', async () => {
    const answer = await tenant.analyst.api.post('/datasets', '--b\r\nContent-Dispo', {
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    });
    expect(await outcome(answer)).toEqual(refusal(400, 'invalid_parameter', /multipart/));
  });
});

const fieldPart = (name: string, value: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('a connection', () => {
  it('that is cut at 90 % leaves nothing behind', async () => {
    const file = 'Shopper,Quantity\n'.padEnd(300_000, 'A,1\n');
    const { customerId } = tenant;
    const body = `${fieldPart('customerId', customerId)}${fieldPart('name', 'cut')}--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${file}\r\n--b--\r\n`;
    const { hostname, port } = new URL(system.baseUrl);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST /api/v1/datasets HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${tenant.analyst.accessToken}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, body.length * 0.9)}`,
    );
    await until('the file to come in', async () => (await traces()).files.length > before.files.length);
    socket.destroy();
    await until('it to be gone', async () => (await traces()).files.length === before.files.length);
    expect(await traces()).toEqual(before);
  });
});
