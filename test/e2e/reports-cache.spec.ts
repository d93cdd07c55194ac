import { createClient } from '@keyv/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { csvForm, finishedReport, ready, startDataset } from './harness/uploads.js';

let system: System;
beforeAll(async () => {
  system = await startSystem({ workers: 1 });
});
afterAll(() => system.stop());

interface Data {
  tenant: Tenant;
  datasetId: string;
}

/** Forty shoppers, three orders each, late in the evening, with two columns that could be amounts. */
function sales(prefix = 'S'): string {
  const lines = Array.from({ length: 120 }, (_, row) => {
    const moment = `2024-0${1 + (row % 9)}-1${row % 7} 23:${10 + (row % 50)}:00`;
    return `${prefix}${row % 40},O${prefix}${row},${moment},${10 + (row % 17)},${5 + ((row * 7) % 23)}\n`;
  });
  return `customer,order,date,amount,margin\n${lines.join('')}`;
}

async function uploaded(tenant: Tenant, fields: Record<string, string> = {}): Promise<Data> {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, sales(), fields);
  await ready(tenant.viewer.api, upload.id);
  return { tenant, datasetId: dataset.id };
}

const ask = ({ tenant }: Data, body: object = {}): Promise<Answer> =>
  tenant.analyst.api.post('/reports', { customerId: tenant.customerId, k: 3, ...body });

/** Asks for a report that does not exist yet, and waits for it. */
async function made(data: Data, body: object = {}): Promise<JsonBody> {
  const { report } = expectStatus(await ask(data, body), 202);
  const finished = await finishedReport(data.tenant.viewer.api, report.id);
  expect(finished.status).toBe('succeeded');
  return finished;
}

/** The id of the finished report that answers. */
async function kept(data: Data): Promise<string> {
  const answer = await ask(data);
  expect(answer.headers.get('x-cache')).toBe('hit');
  return expectStatus(answer, 200).report.id;
}

describe('a report stands for its data', () => {
  it('is made anew with new data, and is the former one again once that is undone', async () => {
    const data = await uploaded(await system.make.tenant());
    const { viewer, analyst } = data.tenant;
    const before = await made(data);
    expect(await kept(data)).toBe(before.id);
    const more = await analyst.api.post(
      `/datasets/${data.datasetId}/uploads`,
      csvForm({ mode: 'append' }, sales('T')),
    );
    const { upload } = expectStatus(more, 202);
    await ready(viewer.api, upload.id);
    const after = await made(data);
    expect(after.id).not.toBe(before.id);
    expect(after.data.shoppers).toBe(80);
    expectStatus(await analyst.api.delete(`/uploads/${upload.id}`), 204);
    expect(await kept(data)).toBe(before.id);
    const shown = expectStatus(await viewer.api.get(`/reports/${before.id}`), 200);
    expect(shown.data.shoppers).toBe(40);
  });

  it('is made anew where a column gets another meaning', async () => {
    const data = await uploaded(await system.make.tenant());
    const before = await made(data);
    const path = `/datasets/${data.datasetId}`;
    const { mapping } = expectStatus(await data.tenant.analyst.api.get(path), 200);
    const roles = { ...mapping.roles, amount: 'margin' };
    expectStatus(await data.tenant.analyst.api.patch(path, { mapping: { ...mapping, roles } }), 200);
    const after = await made(data);
    expect(after.id).not.toBe(before.id);
    expect(after.data.revenue).not.toBe(before.data.revenue);
  });

  it('is made anew where its store gets another timezone or currency', async () => {
    const tenant = await system.make.tenant();
    const data = await uploaded(tenant, { storeId: tenant.storeId });
    const store = `/customers/${tenant.customerId}/stores/${tenant.storeId}`;
    const before = await made(data);
    expectStatus(await tenant.owner.api.patch(store, { timezone: 'America/Asuncion' }), 200);
    const elsewhere = await made(data);
    expect(elsewhere.id).not.toBe(before.id);
    expect(elsewhere.data.asOf).not.toBe(before.data.asOf);
    expectStatus(await tenant.owner.api.patch(store, { currency: 'PYG' }), 200);
    const priced = await made(data);
    expect(priced.id).not.toBe(elsewhere.id);
    expect(priced.data.currency).toBe('PYG');
    expectStatus(await tenant.owner.api.patch(store, { timezone: 'UTC' }), 200);
    expect((await made(data)).data.asOf).toBe(before.data.asOf);
  });

  it('is never another tenant’s, though the files and the request are the same', async () => {
    const [one, other] = await Promise.all([1, 2].map(async () => uploaded(await system.make.tenant())));
    const theirs = await made(one as Data);
    const own = await made(other as Data);
    expect(own.id).not.toBe(theirs.id);
    expect(own.segments).toEqual(theirs.segments);
    for (const path of ['', '/export', '/page', '/segments/0/members']) {
      expect((await (other as Data).tenant.owner.api.get(`/reports/${theirs.id}${path}`)).status).toBe(404);
    }
  });
});

describe('equal requests', () => {
  it('get equal answers when 50 come at once, and one task', async () => {
    const data = await uploaded(await system.make.tenant());
    for (const worker of system.workers.splice(0)) await worker.stop();
    const waiting = await Promise.all(Array.from({ length: 50 }, () => ask(data)));
    const bodies = waiting.map((answer) => JSON.stringify(expectStatus(answer, 202)));
    expect(new Set(bodies).size).toBe(1);
    const { report, task }: JsonBody = JSON.parse(bodies[0] ?? '');
    expect(new Set(waiting.map(({ headers }) => headers.get('location')))).toEqual(
      new Set([`/api/v1/tasks/${task.id}`]),
    );
    const tasks = `/tasks?customerId=${data.tenant.customerId}&kind=segmentation`;
    expect(expectStatus(await data.tenant.viewer.api.get(tasks), 200).count).toBe(1);
    await system.startWorker();
    await finishedReport(data.tenant.viewer.api, report.id);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(data)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

const redisUrl = process.env['REDIS_URL'];
const control = process.env['SERVICES_CONTROL_URL'];

async function order(action: 'start' | 'stop'): Promise<void> {
  expect((await fetch(`${control}/${action}/redis`, { method: 'POST' })).status).toBe(204);
}

async function flush(): Promise<void> {
  const client = createClient({ url: redisUrl ?? '' });
  await client.connect();
  await client.flushAll();
  client.destroy();
}

// Only a Redis that the run itself provides may be emptied and stopped.
describe.skipIf(redisUrl === undefined || control === undefined)('without what Redis holds', () => {
  let data: Data;
  let before: JsonBody;
  beforeAll(async () => {
    data = await uploaded(await system.make.tenant());
    before = await made(data);
  });

  const shown = async (): Promise<string> => (await data.tenant.viewer.api.get(`/reports/${before.id}`)).text;

  it('answers are the same, byte by byte', async () => {
    const first = await shown();
    await flush();
    expect(await shown()).toBe(first);
    expect(await kept(data)).toBe(before.id);
    await order('stop');
    try {
      expect(await shown()).toBe(first);
      expect(await kept(data)).toBe(before.id);
      const other = await made(data, { seed: 1 });
      expect(other.id).not.toBe(before.id);
      const bodies = await Promise.all(Array.from({ length: 10 }, () => shown()));
      expect(new Set(bodies)).toEqual(new Set([first]));
    } finally {
      await order('start');
    }
    expect(await shown()).toBe(first);
  });

  it('a report that is being made is finished', async () => {
    const { report } = expectStatus(await ask(data, { seed: 2, kMin: 2, kMax: 20, k: 'auto' }), 202);
    await flush();
    await order('stop');
    try {
      const finished = await finishedReport(data.tenant.viewer.api, report.id);
      expect(finished.status).toBe('succeeded');
    } finally {
      await order('start');
    }
  });
});
