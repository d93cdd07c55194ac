import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { ready, startDataset } from './harness/uploads.js';

const TOKEN = 'a-token-of-the-metrics';
let system: System;
let tenant: Tenant;
let uploadId: string;

beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { METRICS_TOKEN: TOKEN } });
  tenant = await system.make.tenant();
  const { upload } = await startDataset(tenant.analyst, tenant, 'Shopper,n\nA,1\nB,2\n');
  uploadId = (await ready(tenant.viewer.api, upload.id)).id;
});
afterAll(() => system.stop());

describe('GET /admin/overview', () => {
  it('tells queues, workers, tasks by state and what is stored', async () => {
    const overview = expectStatus(await system.admin.api.get('/admin/overview'), 200);
    expect(overview.status).toBe('ok');
    expect(overview.queues).toContainEqual({
      name: 'ingest',
      messages: expect.any(Number),
      consumers: expect.any(Number),
    });
    expect(overview.queues.map(({ name }: { name: string }) => name)).toContain('dead-letters');
    const worker = system.workers[0];
    expect(overview.workers).toEqual([
      {
        name: expect.stringMatching(new RegExp(`:${worker?.pid}$`)),
        queues: expect.arrayContaining(['ingest', 'segmentation']),
        concurrency: 1,
        running: 0,
        startedAt: expect.any(String),
        seenAt: expect.any(String),
      },
    ]);
    expect(overview.tasks).toEqual({ queued: 0, running: 0, succeeded: 1, failed: 0, cancelled: 0 });
    expect(overview.taskAges).toEqual([
      { kind: 'ingest', status: 'succeeded', count: 1, oldestSeconds: null },
    ]);
    expect(overview.deadLetters).toBe(0);
    expect(overview.outbox).toEqual({ unsent: 0, oldestSeconds: 0 });
    expect(overview.storage.blobs).toEqual({ count: 1, bytes: 18 });
    expect(overview.storage.frames).toMatchObject({ count: 1 });
    expect(overview.storage.disk.freeBytes).toBeGreaterThan(0);
  });
});

const list = async (query: string) => expectStatus(await system.admin.api.get(`/admin/audit${query}`), 200);

describe('GET /admin/audit', () => {
  it('lists who did what, the newest first, in pages', async () => {
    const first = await list('?pageSize=2');
    expect(first.results).toHaveLength(2);
    expect(first.next).toBe('/api/v1/admin/audit?pageSize=2&page=2');
    const second = expectStatus(await system.admin.api.get('/admin/audit?pageSize=2&page=2'), 200);
    const times = [...first.results, ...second.results].map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const oldest = await list('?ordering=createdAt&pageSize=1');
    expect(oldest.count).toBeGreaterThanOrEqual(first.count);
    expect(Date.parse(oldest.results[0].at)).toBeLessThanOrEqual(times.at(-1) ?? 0);
  });

  it('finds entries by action, actor, customer, resource, request and time', async () => {
    const { name } = expectStatus(await tenant.viewer.api.get(`/customers/${tenant.customerId}`), 200);
    const { results, count } = await list(`?action=upload.create&resourceId=${uploadId}`);
    expect(count).toBe(1);
    const [entry] = results;
    expect(entry).toMatchObject({
      action: 'upload.create',
      actorId: tenant.analyst.id,
      apiKeyId: null,
      customerId: tenant.customerId,
      resourceType: 'upload',
      resourceId: uploadId,
      address: expect.any(String),
      requestId: expect.any(String),
      names: {
        actor: tenant.analyst.email,
        apiKey: null,
        customer: name,
        resource: 'sales.csv',
      },
    });
    for (const filter of [
      `actorId=${tenant.analyst.id}`,
      `customerId=${tenant.customerId}`,
      `requestId=${entry.requestId}`,
      `search=${uploadId}`,
      `search=${encodeURIComponent(tenant.analyst.email)}`,
      `from=${entry.at}`,
    ]) {
      const ids = (await list(`?${filter}&pageSize=100`)).results.map(({ id }: { id: string }) => id);
      expect({ filter, found: ids.includes(entry.id) }).toEqual({ filter, found: true });
    }
    expect((await list(`?customerId=${tenant.customerId}&to=2020-01-01T00:00:00Z`)).count).toBe(0);
  });

  it.each(['ordering=action', 'customerId=x', 'from=yesterday', 'unknown=1', 'page=0'])(
    'refuses %s',
    async (query) => {
      const answer = await system.admin.api.get(`/admin/audit?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    },
  );

  it('S17: is sealed, and neither entries nor seals can be changed or deleted', async () => {
    await until('the entries to be sealed', async () => {
      const { rows } = await system.database.query(
        'SELECT 1 FROM audit_entries e WHERE NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id)',
      );
      return rows.length === 0;
    });
    for (const change of [
      "UPDATE audit_entries SET action = 'nothing'",
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
      "UPDATE audit_seals SET hash = ''",
      'DELETE FROM audit_seals',
    ]) {
      await expect(system.database.query(change)).rejects.toThrow('append-only');
    }
  });
});

const get = (base: string, token: string) =>
  fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${token}` } });

/** The value of the first series with this name and these labels. */
function figure(text: string, name: string, ...labels: string[]): number | undefined {
  const series = text
    .split('\n')
    .find((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)));
  return series === undefined ? undefined : Number(series.split(' ').at(-1));
}

/** Tasks that are parked, as if their attempts were used up. */
async function parked(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { upload, task } = await startDataset(tenant.analyst, tenant, `Shopper,n\nP,${Math.random()}\n`);
    await ready(tenant.viewer.api, upload.id);
    await system.database.query("UPDATE tasks SET status = 'failed' WHERE id = $1", [task.id]);
    await system.database.query(
      "INSERT INTO dead_letters (id, queue, reason, task_id) VALUES (gen_random_uuid(), 'ingest', 'poison', $1)",
      [task.id],
    );
    ids.push(task.id);
  }
  return ids;
}

const listed = async (query = '') =>
  expectStatus(await system.admin.api.get(`/admin/dead-letters${query}`), 200);

describe('GET /admin/dead-letters', () => {
  it('D13: lists what stopped, sends one or all on their way again, and they succeed', async () => {
    const ids = await parked(3);
    await system.database.query(
      `INSERT INTO dead_letters (id, queue, reason, content, size_bytes)
       VALUES (gen_random_uuid(), 'segmentation', 'not_a_message', 'oops', 4)`,
    );
    const { count, results } = await listed();
    expect(count).toBe(4);
    expect(results.map(({ task }: { task: { id: string } | null }) => task?.id)).toEqual([...ids, undefined]);
    expect(results[3]).toMatchObject({ message: { text: 'oops', sizeBytes: 4 }, reason: 'not_a_message' });
    expect((await listed('?reason=poison&pageSize=2')).results).toHaveLength(2);
    expect((await listed('?queue=profile')).count).toBe(0);

    const [first] = results;
    const redriven = await system.admin.api.post(`/admin/dead-letters/${first.id}/redrive`);
    expect(redriven).toMatchObject({ status: 202, body: { task: { id: ids[0] } } });
    expect(redriven.headers.get('location')).toBe(`/api/v1/tasks/${ids[0]}`);
    expect((await system.admin.api.post(`/admin/dead-letters/${first.id}/redrive`)).status).toBe(404);
    const rest = expectStatus(
      await system.admin.api.post('/admin/dead-letters/redrive', { queue: 'ingest' }),
      200,
    );
    expect(rest).toEqual({ redriven: 2, refused: [] });
    expect((await listed('?queue=ingest')).count).toBe(0);
    for (const id of ids) {
      await until('the task to succeed', async () => {
        const { status } = expectStatus(await tenant.viewer.api.get(`/tasks/${id}`), 200);
        return status === 'succeeded';
      });
    }
    const again = await system.admin.api.post(`/admin/dead-letters/${results[3].id}/redrive`);
    expect(again).toMatchObject({ status: 200, body: { task: null } });
  });

  it.each(['?reason=unknown', '?page=0'])('refuses %s', async (query) => {
    const answer = await system.admin.api.get(`/admin/dead-letters${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  });

  it.each(['no-id', '01a20113-278f-732b-8212-1fa592635b43'])('knows no %s', async (id) => {
    const answer = await system.admin.api.post(`/admin/dead-letters/${id}/redrive`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('GET /metrics', () => {
  it('L8: tells queues, tasks, outbox, event loop and requests by route', async () => {
    const answer = await system.admin.api.get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain;.*version=0\.0\.4/);
    const { text } = answer;
    expect(figure(text, 'datacore_queue_messages', 'queue="ingest"')).toBe(0);
    expect(figure(text, 'datacore_queue_consumers', 'queue="segmentation"')).toBeGreaterThanOrEqual(1);
    expect(figure(text, 'datacore_dead_letters', 'queue="ingest"')).toBe(0);
    expect(figure(text, 'datacore_tasks', 'kind="ingest"', 'status="succeeded"')).toBeGreaterThan(0);
    expect(figure(text, 'datacore_outbox_unsent')).toBe(0);
    expect(figure(text, 'datacore_outbox_lag_seconds')).toBe(0);
    expect(figure(text, 'datacore_workers')).toBe(1);
    expect(figure(text, 'datacore_postgres_connections', 'state="waiting"')).toBe(0);
    expect(figure(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    const requests = 'datacore_http_request_seconds_count';
    expect(figure(text, requests, 'method="POST"', 'route="/api/v1/datasets"', 'status="2xx"')).toBe(4);
    expect(figure(text, requests, 'method="GET"', 'route="/api/v1/uploads/:uploadId"')).toBeGreaterThan(0);
  });

  it('L8: has no ids in labels and not many series, whatever is asked for', async () => {
    for (let n = 0; n < 20; n += 1) await system.api.get(`/api/v1/nothing/${n}`);
    const { text } = await system.admin.api.get('/metrics');
    expect(text).not.toContain('nothing');
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text.split('\n').filter((line) => !line.startsWith('#')).length).toBeLessThan(2000);
  });

  it('opens with METRICS_TOKEN too, of the api and of workers', async () => {
    const worker = system.workers[0]?.url ?? '';
    expect((await get(system.baseUrl, TOKEN)).status).toBe(200);
    expect((await get(system.baseUrl, `${TOKEN}x`)).status).toBe(401);
    expect((await system.api.get('/metrics')).status).toBe(401);
    expect((await get(worker, `${TOKEN}x`)).status).toBe(401);
    const figures = await (await get(worker, TOKEN)).text();
    expect(figure(figures, 'datacore_task_attempts_total', 'kind="ingest"', 'outcome="succeeded"')).toBe(7);
  });
});
