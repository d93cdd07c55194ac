import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, unique } from './harness/index.js';
import { startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ env: { TASK_SWEEP_SECONDS: '1' } });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

const rows = (): string => `CustomerID,Quantity\n${unique('shopper')},1\n`;
const order = async (): Promise<{ taskId: string; datasetId: string; uploadId: string }> => {
  const { dataset, upload, task } = await startDataset(tenant.analyst, tenant, rows());
  return { taskId: task.id, datasetId: dataset.id, uploadId: upload.id };
};
const analyst = () => tenant.analyst.api;

interface ServerSentEvents {
  type: string | null;
  statuses: string[];
}

const openStream = (taskId: string): Promise<Response> =>
  fetch(`${system.baseUrl}/api/v1/tasks/${taskId}/events`, {
    headers: { authorization: `Bearer ${tenant.viewer.accessToken}` },
  });

/** Reads a stream of task events until the server ends it. */
async function follow(taskId: string): Promise<ServerSentEvents> {
  const response = await openStream(taskId);
  const text = await response.text();
  const events = text.split('\n\n').filter((event) => event.startsWith('event: task\ndata: '));
  return {
    type: response.headers.get('content-type'),
    statuses: events.map((event) => JSON.parse(event.slice(event.indexOf('{'))).status),
  };
}

describe('tasks without a worker', () => {
  it('are answered with what the contract says', async () => {
    const { taskId, datasetId, uploadId } = await order();
    expect(expectStatus(await tenant.viewer.api.get(`/tasks/${taskId}`), 200)).toEqual({
      id: taskId,
      kind: 'ingest',
      status: 'queued',
      progress: null,
      attempts: 0,
      maxAttempts: 8,
      result: null,
      error: null,
      note: null,
      priority: 0,
      customerId: tenant.customerId,
      datasetId,
      uploadId,
      reportId: null,
      createdBy: tenant.analyst.id,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      startedAt: null,
      finishedAt: null,
    });
  });

  it('are found by customer, dataset, kind, status and words of their note', async () => {
    const { taskId, datasetId } = await order();
    const note = unique('50%_of');
    expectStatus(await analyst().patch(`/tasks/${taskId}`, { note, priority: 5 }), 200);
    const found = async (query: string): Promise<string[]> =>
      expectStatus(await analyst().get(`/tasks?${query}`), 200).results.map(({ id }: { id: string }) => id);
    expect(await found(`customerId=${tenant.customerId}&status=queued&kind=ingest`)).toContain(taskId);
    expect(await found(`datasetId=${datasetId}`)).toEqual([taskId]);
    expect(await found(`search=${encodeURIComponent(note.slice(0, 9).toUpperCase())}`)).toEqual([taskId]);
    expect(await found(`datasetId=${datasetId}&status=succeeded`)).toEqual([]);
    expect(await found('search=' + unique('nothing'))).toEqual([]);
  });

  it.each(['kind=unheard', 'status=done', 'ordering=note', 'page=0', 'customerid=x'])(
    'are not listed by %s',
    async (query) => {
      expect((await analyst().get(`/tasks?${query}`)).status).toBe(400);
    },
  );

  it('S5: take no status from a client', async () => {
    const { taskId } = await order();
    const answer = await analyst().patch(`/tasks/${taskId}`, { status: 'succeeded' });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields)).toEqual(['status']);
    expect(expectStatus(await analyst().get(`/tasks/${taskId}`), 200).status).toBe('queued');
  });

  it('are cancelled together with their upload, once and for all, and audited', async () => {
    const { taskId, uploadId } = await order();
    expect(expectStatus(await analyst().post(`/tasks/${taskId}/cancel`), 200).status).toBe('cancelled');
    expect(expectStatus(await analyst().post(`/tasks/${taskId}/cancel`), 200).status).toBe('cancelled');
    expect(expectStatus(await analyst().get(`/uploads/${uploadId}`), 200).status).toBe('cancelled');
    const { rows: audited } = await system.database.query(
      'SELECT action, actor_id, customer_id FROM audit_entries WHERE resource_id = $1',
      [taskId],
    );
    expect(audited).toEqual([
      { action: 'task.cancel', actor_id: tenant.analyst.id, customer_id: tenant.customerId },
    ]);
    const stream = await follow(taskId);
    expect(stream.type).toMatch(/^text\/event-stream/);
    expect(stream.statuses).toEqual(['cancelled']);
  });

  it('leave the lists when deleted: a waiting one is cancelled, a finished one is gone', async () => {
    const { taskId } = await order();
    expectStatus(await analyst().delete(`/tasks/${taskId}`), 204);
    expect(expectStatus(await analyst().get(`/tasks/${taskId}`), 200).status).toBe('cancelled');
    expectStatus(await analyst().delete(`/tasks/${taskId}`), 204);
    expect((await analyst().get(`/tasks/${taskId}`)).status).toBe(404);
  });

  it('are not tried again while they wait', async () => {
    const { taskId } = await order();
    const answer = await analyst().post(`/tasks/${taskId}/retry`);
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe('conflict');
  });
});

describe('tasks with a worker', () => {
  it('are followed to their end', async () => {
    const { taskId } = await order();
    const stream = follow(taskId);
    await system.startWorker();
    const { statuses } = await stream;
    expect(statuses[0]).toBe('queued');
    expect(statuses.at(-1)).toBe('succeeded');
    expect(expectStatus(await analyst().get(`/tasks/${taskId}`), 200)).toMatchObject({
      attempts: 1,
      result: { rowCount: 1 },
      error: null,
    });
  });

  it('L10: an api that ends closes the streams it has open', async () => {
    const { taskId } = await order();
    await system.database.query(
      `UPDATE tasks SET status = 'queued', run_at = now() + interval '1 day',
      finished_at = NULL WHERE id = $1`,
      [taskId],
    );
    const stream = await openStream(taskId);
    const closed = stream.text().catch(() => undefined);
    const asked = Date.now();
    await system.apiProcess.stop();
    await closed;
    expect(Date.now() - asked).toBeLessThan(8000);
  });
});
