import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { csvForm, finishedReport, ready } from './harness/uploads.js';

const DOCUMENT: JsonBody = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

/** The schema of an answer; without one the operation does not document it. */
function schemaOf(method: string, path: string, status: number): ValidateFunction {
  const { responses } = DOCUMENT.paths[`/api/v1${path}`][method];
  const { content } = responses[status] ?? responses.default;
  const [type] = Object.values(content) as { schema: object }[];
  return ajv.compile({ ...(typed(type?.schema) as object), components: DOCUMENT.components });
}

/** OpenAPI's `nullable` beside `anyOf`, which JSON schema does not know, as one more alternative. */
function typed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(typed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const own = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, typed(value)]));
  if (own['nullable'] !== true || 'type' in own) return own;
  const { nullable: _nullable, ...rest } = own;
  return { anyOf: [rest, { type: 'null' }] };
}

let system: System;
let tenant: Tenant;
beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

/** Faults of a live answer by the OpenAPI document. */
function faults(method: string, path: string, { status, body }: Answer): string[] {
  const validate = schemaOf(method, path, status);
  if (validate(body)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${method} ${path} ${status}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

const sales = (shift: number): string =>
  `customer,order,date,product,quantity,price\n${Array.from(
    { length: 200 },
    (_, row) =>
      `s${(row * 7) % (40 + shift)},O${row},2024-0${1 + (row % 9)}-1${(row + shift) % 7},P${row % 5},${1 + (row % 3)},${5 + ((row * 11) % 40)}.50\n`,
  ).join('')}`;

describe('the OpenAPI document', () => {
  let found: string[] = [];
  beforeEach(() => {
    found = [];
  });
  const check = async (method: 'get' | 'post', path: string, answer: Promise<Answer>): Promise<JsonBody> => {
    const got = await answer;
    found.push(...faults(method, path, got));
    return got.body;
  };

  it('describes what reports and the data behind them really answer', async () => {
    const { analyst, viewer, customerId } = tenant;
    const store = await check(
      'post',
      '/customers/{customerId}/stores',
      tenant.owner.api.post(`/customers/${customerId}/stores`, { name: unique('store'), currency: 'EUR' }),
    );
    const started = await check(
      'post',
      '/datasets',
      analyst.api.post('/datasets', csvForm({ customerId, storeId: store.id, name: 'Sales' }, sales(0))),
    );
    await ready(viewer.api, started.upload.id);
    await check('get', '/datasets/{datasetId}', viewer.api.get(`/datasets/${started.dataset.id}`));
    await check('get', '/uploads/{uploadId}', viewer.api.get(`/uploads/${started.upload.id}`));
    const made: JsonBody[] = [];
    for (const body of [
      { k: 3, rfm: { bins: 4 }, perStore: true },
      { k: 3, seed: 2, perStore: true, rfm: { cuts: { r: [30], f: [2], m: [50] } } },
    ]) {
      const { report } = await check(
        'post',
        '/reports',
        analyst.api.post('/reports', { customerId, ...body }),
      );
      expect((await finishedReport(viewer.api, report.id)).status).toBe('succeeded');
      await check('post', '/reports', analyst.api.post('/reports', { customerId, ...body }));
      made.push(await check('get', '/reports/{reportId}', viewer.api.get(`/reports/${report.id}`)));
    }
    const [first, second] = made as [JsonBody, JsonBody];
    expect(first.segments[0]).toMatchObject({ name: first.segments[0].label });
    expect(first.segments[0].summary).toContain('€');
    expect(second.segments.map(({ continues }: JsonBody) => continues)).not.toContain(null);
    await check('get', '/reports', viewer.api.get(`/reports?customerId=${customerId}`));
    const members = await check(
      'get',
      '/reports/{reportId}/segments/{index}/members',
      viewer.api.get(`/reports/${second.id}/segments/0/members?ordering=-monetary`),
    );
    await check(
      'get',
      '/reports/{reportId}/members/{shopperId}',
      viewer.api.get(`/reports/${second.id}/members/${members.results[0].shopperId}`),
    );
    for (const change of ['moved', 'stayed', 'new', 'gone']) {
      await check(
        'get',
        '/reports/{reportId}/compare/{otherId}',
        viewer.api.get(`/reports/${first.id}/compare/${second.id}?change=${change}`),
      );
    }
    expect(found).toEqual([]);
  });

  it('describes refusals: each names its code and the field', async () => {
    const { analyst, viewer, customerId, storeId } = tenant;
    const foreign = await system.make.tenant();
    const ask = (body: object): Promise<Answer> => analyst.api.post('/reports', { customerId, ...body });
    const refused: [object, number, string][] = [
      [{ features: ['shoeSize'] }, 400, 'features'],
      [{ features: [] }, 400, 'features'],
      [{ features: ['frequency', 'frequency'] }, 400, 'features'],
      [{ k: 1 }, 400, 'k'],
      [{ k: 21 }, 400, 'k'],
      [{ k: 'many' }, 400, 'k'],
      [{ kMin: 5, kMax: 4 }, 400, 'kMin'],
      [{ scaling: 'log' }, 400, 'scaling'],
      [{ transform: 'sqrt' }, 400, 'transform'],
      [{ asOf: 'tomorrow' }, 400, 'asOf'],
      [{ seed: -1 }, 400, 'seed'],
      [{ rfm: { bins: 1 } }, 400, 'rfm'],
      [{ segments: 3 }, 400, 'segments'],
      [{ storeId, storeIds: [storeId] }, 400, 'storeIds'],
    ];
    for (const [body, status, field] of refused) {
      const answer = await ask(body);
      expect([body, answer.status, answer.body.code]).toEqual([body, status, 'invalid_parameter']);
      const named = Object.keys(answer.body.fields);
      expect(named).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${field}`))]));
      found.push(...faults('post', '/reports', answer));
    }
    const unknown: object[] = [
      { storeId: foreign.storeId },
      { storeIds: [foreign.storeId] },
      { datasetIds: [customerId] },
      { customerId: foreign.customerId },
    ];
    for (const body of unknown) {
      const answer = await ask(body);
      expect([body, answer.status, answer.body.code]).toEqual([body, 404, 'not_found']);
      found.push(...faults('post', '/reports', answer));
    }
    const many = await ask({ k: 20, asOf: '2024-01-12' });
    expect(expectStatus(many, 422)).toMatchObject({ code: 'unprocessable' });
    const gone = await analyst.api.post('/datasets', { customerId, name: unique('gone') });
    expectStatus(await analyst.api.delete(`/datasets/${gone.body.id}`), 204);
    expectStatus(await ask({ datasetIds: [gone.body.id] }), 404);
    expect(await viewer.api.get(`/reports/${customerId}/segments/0/members`)).toMatchObject({ status: 404 });
    expect(found).toEqual([]);
  });
});
