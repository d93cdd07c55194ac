import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.js';
import { TaskBench } from './task-bench.js';

/** Longer than a worker without a connection is waited for. */
const FROZEN_MS = 6000;

let bench: TaskBench;
beforeAll(async () => {
  bench = await TaskBench.open();
});
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close());

const running = (id: string) =>
  eventually(async () => (await bench.story(id)).includes('run'), 'the task has been started');

describe('a worker', () => {
  test('D1: that is killed has its task finished by another', async () => {
    const first = await bench.worker().ready();
    const id = await bench.order({ behaviour: 'work', milliseconds: 1500 });
    await running(id);
    first.signal('SIGKILL');
    await first.exited;
    await bench.worker().ready();
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempts: 2, fence: 2 });
    const published = (await bench.events(id)).filter(({ event }) => event === 'published');
    expect(published.map(({ fence }) => fence)).toEqual([2]);
  });

  test('D1: that is killed is noticed long before its lease ends; one that is only frozen keeps its task', async () => {
    const long = { TASK_LEASE_SECONDS: '60' };
    const workers = [await bench.worker(long).ready(), await bench.worker(long).ready()];
    const id = await bench.order({ behaviour: 'work', milliseconds: 2000 });
    await running(id);
    const [{ pid } = { pid: 0 }] = await bench.events(id);
    const busy = workers.find((worker) => worker.pid === pid);
    busy?.signal('SIGSTOP');
    await sleep(FROZEN_MS);
    expect(await bench.tasks.get(id)).toMatchObject({ status: 'running', fence: 1 });
    busy?.signal('SIGKILL');
    const killed = Date.now();
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempts: 2, crashes: 1 });
    expect(Date.now() - killed).toBeLessThan(20_000);
  });

  test('D8: that froze while it published keeps its own task from others, and none of theirs', async () => {
    const id = await bench.order({ behaviour: 'succeed' });
    const other = await bench.order({ behaviour: 'succeed' }, await bench.addCustomer());
    const frozen = new Client({ connectionString: bench.settings.services.postgresUrl });
    await frozen.connect();
    await frozen.query('BEGIN');
    await frozen.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [id]);
    await bench.worker().ready();
    expect((await bench.ended(other)).status).toBe('succeeded');
    expect((await bench.tasks.get(id)).attempts).toBe(0);
    await frozen.end();
    expect((await bench.ended(id)).status).toBe('succeeded');
  });

  test('D8: that slept past its lease cannot publish, nor change what the other did', async () => {
    const sleeper = await bench.worker().ready();
    const id = await bench.order({ behaviour: 'stubborn', milliseconds: 1000 });
    await running(id);
    sleeper.signal('SIGSTOP');
    await bench.worker().ready();
    const done = await bench.ended(id);
    expect(done).toMatchObject({ status: 'succeeded', fence: 2, result: { fence: 2 } });
    sleeper.signal('SIGCONT');
    await eventually(
      async () => (await bench.story(id)).includes('threw LeaseLost'),
      'the sleeper was refused',
    );
    expect(await bench.tasks.get(id)).toEqual(done);
    const published = (await bench.events(id)).filter(({ event }) => event === 'published');
    expect(published).toHaveLength(1);
  });

  test('D8: that slept past its lease cannot publish in the place of the one that still works', async () => {
    const sleeper = await bench.worker().ready();
    const id = await bench.order({ behaviour: 'stubborn', milliseconds: 2500 });
    await running(id);
    sleeper.signal('SIGSTOP');
    await bench.worker().ready();
    await bench.until(id, ({ fence }) => fence === 2, 'another worker has started');
    sleeper.signal('SIGCONT');
    await eventually(
      async () => (await bench.story(id)).includes('threw LeaseLost'),
      'the sleeper was refused',
    );
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', result: { fence: 2 } });
    expect((await bench.story(id)).filter((event) => event === 'published')).toHaveLength(1);
  });

  test('D10: on SIGTERM finishes what runs, takes nothing new, and ends', async () => {
    const worker = await bench.worker().ready();
    const id = await bench.order({ behaviour: 'work', milliseconds: 1000 });
    await running(id);
    worker.signal('SIGTERM');
    await eventually(() => worker.said('waiting for running tasks'), 'the worker drains');
    expect([await worker.health('live'), await worker.health('ready')]).toEqual([200, 503]);
    const next = await bench.order({ behaviour: 'succeed' });
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(await bench.tasks.get(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(await bench.tasks.get(next)).toMatchObject({ status: 'queued', attempts: 0 });
    await bench.worker().ready();
    expect((await bench.ended(next)).status).toBe('succeeded');
  });

  test('D10: gives a task back that outlasts the grace period, and does not count the attempt', async () => {
    const worker = await bench.worker({ SHUTDOWN_GRACE_SECONDS: '1' }).ready();
    const id = await bench.order({ behaviour: 'work', milliseconds: 6000 });
    await running(id);
    worker.signal('SIGTERM');
    await worker.exited;
    expect(await bench.tasks.get(id)).toMatchObject({ status: 'queued', attempts: 0, error: null });
    expect(await bench.story(id)).toEqual(['started', 'run', 'threw ShuttingDown', 'requeued']);
    await bench.worker().ready();
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempts: 1, fence: 2 });
  });

  test('leaves a handler behind that heeds no signal, and still ends in time', async () => {
    const worker = await bench.worker({ SHUTDOWN_GRACE_SECONDS: '1' }).ready();
    const id = await bench.order({ behaviour: 'stubborn', milliseconds: 30_000 });
    await running(id);
    worker.signal('SIGTERM');
    const asked = Date.now();
    await worker.exited;
    expect(Date.now() - asked).toBeLessThan(9000);
    expect(await bench.tasks.get(id)).toMatchObject({ status: 'queued', attempts: 0 });
    await bench.tasks.cancel(id);
  });

  test('is alive without its broker, ready only with its consumers registered', async () => {
    const worker = bench.worker({ RABBITMQ_URL: 'amqp://127.0.0.1:1' });
    await eventually(async () => (await worker.health('live')) === 200, 'the worker answers');
    expect(await worker.health('ready')).toBe(503);
  });

  test('takes only the queues it is told to', async () => {
    await bench.worker({ WORKER_QUEUES: 'segmentation' }).ready();
    const id = await bench.order({ behaviour: 'succeed' });
    await eventually(
      async () => (await bench.channel.checkQueue('ingest')).messageCount > 0,
      'the message waits in its queue',
    );
    expect((await bench.tasks.get(id)).status).toBe('queued');
    await bench.worker({ WORKER_QUEUES: 'ingest' }).ready();
    expect((await bench.ended(id)).status).toBe('succeeded');
  });
});
