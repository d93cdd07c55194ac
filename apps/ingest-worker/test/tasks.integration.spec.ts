import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.js';
import { TaskBench } from './task-bench.js';

let bench: TaskBench;
beforeAll(async () => {
  bench = await TaskBench.open();
  await bench.worker().ready();
});
afterAll(() => bench.close());

const count = (story: string[], event: string): number => story.filter((name) => name === event).length;

describe('a task', () => {
  test('runs once, and its result is published with it', async () => {
    const id = await bench.order({ behaviour: 'succeed' });
    const task = await bench.ended(id);
    expect(task).toMatchObject({
      status: 'succeeded',
      attempts: 1,
      fence: 1,
      result: { fence: 1 },
      error: null,
    });
    expect(task.leaseOwner).toBeNull();
    expect(await bench.story(id)).toEqual(['started', 'run', 'published']);
  });

  test('shows its progress while it runs', async () => {
    const id = await bench.order({ behaviour: 'work', milliseconds: 3000 });
    const running = await bench.until(
      id,
      ({ progress }) => (progress?.etaSeconds ?? 0) > 0,
      'progress is shown',
    );
    expect(running.status).toBe('running');
    expect(running.progress).toMatchObject({ total: 3000, unit: 'milliseconds' });
    expect(running.progress?.ratePerSecond).toBeGreaterThan(100);
    expect((await bench.ended(id)).status).toBe('succeeded');
  });

  test('D11: is done once by 20 equal messages to two workers', async () => {
    await bench.worker().ready();
    const id = await bench.order({ behaviour: 'work', milliseconds: 500 });
    const message = Buffer.from(JSON.stringify({ pattern: 'ingest', data: { taskId: id } }));
    for (let sent = 0; sent < 20; sent += 1)
      bench.channel.sendToQueue('ingest', message, { persistent: true });
    await bench.ended(id);
    await eventually(
      async () => (await bench.channel.checkQueue('ingest')).messageCount === 0,
      'all messages are consumed',
    );
    expect(await bench.story(id)).toEqual(['started', 'run', 'published']);
  });

  test('D6: is tried again after about a second where it fails for an internal reason', async () => {
    const id = await bench.order({ behaviour: 'failing', failures: 1 });
    const waiting = await bench.until(id, ({ error }) => error !== null, 'the first attempt has failed');
    expect(waiting.error).toEqual({
      code: 'internal_error',
      message: 'The work failed for an internal reason.',
    });
    const task = await bench.ended(id);
    expect(task).toMatchObject({ status: 'succeeded', attempts: 2, error: null });
    const events = await bench.events(id);
    expect(events.map(({ event }) => event)).toEqual([
      'started',
      'run',
      'threw Error',
      'requeued',
      'started',
      'run',
      'published',
    ]);
    const delay = events[4]!.at.getTime() - events[3]!.at.getTime();
    expect(delay).toBeGreaterThan(790);
    expect(delay).toBeLessThan(2500);
  });

  test('D6: fails for good when its attempts are used up, and says nothing internal', async () => {
    const id = await bench.order({ behaviour: 'failing', failures: 99 });
    const task = await bench.ended(id);
    expect(task).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'internal_error' } });
    expect(JSON.stringify(task.error)).not.toContain('10.0.0.1');
    expect(count(await bench.story(id), 'failed internal_error')).toBe(1);
  });

  test('D6: fails at once, after one attempt, where the input is at fault', async () => {
    const id = await bench.order({ behaviour: 'problem' });
    expect(await bench.ended(id)).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: { code: 'unprocessable', message: 'The file holds no rows.' },
    });
    expect(await bench.story(id)).toEqual(['started', 'run', 'threw Problem', 'failed unprocessable']);
  });
});

describe('a task at a user’s wish', () => {
  test('is cancelled while running, and publishes nothing', async () => {
    const id = await bench.order({ behaviour: 'work', milliseconds: 20_000 });
    await bench.until(id, ({ status }) => status === 'running', 'the task runs');
    expect((await bench.tasks.cancel(id)).status).toBe('cancelled');
    await eventually(
      async () => (await bench.story(id)).includes('threw LeaseLost'),
      'the handler was told',
      5000,
    );
    expect(await bench.story(id)).not.toContain('published');
    expect((await bench.tasks.get(id)).status).toBe('cancelled');
  });

  test('leaves the lists once it is finished', async () => {
    const id = await bench.order({ behaviour: 'succeed' });
    await bench.ended(id);
    await bench.tasks.remove(id, {});
    await expect(bench.tasks.get(id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a task that no worker is there for', () => {
  beforeAll(() => bench.stopWorkers());
  afterEach(() => bench.stopWorkers());

  test('is cancelled while queued, never runs, and may be tried again with all its attempts', async () => {
    const id = await bench.order({ behaviour: 'failing', failures: 2 });
    expect((await bench.tasks.cancel(id)).status).toBe('cancelled');
    await bench.worker().ready();
    await bench.ended(await bench.order({ behaviour: 'succeed' }));
    expect(await bench.story(id)).toEqual(['cancelled cancelled']);

    expect((await bench.tasks.retry(id, {})).status).toBe('queued');
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempts: 3 });
    await expect(bench.tasks.retry(id, {})).rejects.toMatchObject({ code: 'conflict' });
    await expect(bench.tasks.cancel(id)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('D5: that kills its worker each time is parked as poison, and may be sent on its way again', async () => {
    await bench.query('DELETE FROM dead_letters');
    const id = await bench.order({ behaviour: 'crash' });
    for (let start = 1; start <= 2; start += 1) {
      const { signal } = await bench.worker().exited;
      expect(signal).toBe('SIGKILL');
    }
    await bench.worker().ready();
    expect(await bench.ended(id)).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'poison' } });
    expect(count(await bench.story(id), 'run')).toBe(2);
    const { deadLetters } = await bench.deadLetters.list({ reason: 'poison' }, { skip: 0, take: 10 });
    expect(deadLetters).toMatchObject([
      {
        task: { id },
        failures: [
          { fence: 1, outcome: 'crashed' },
          { fence: 2, outcome: 'crashed' },
        ],
      },
    ]);

    await bench.query(`UPDATE tasks SET payload = '{"behaviour":"succeed"}' WHERE id = $1`, [id]);
    await bench.deadLetters.redrive(deadLetters[0]!.letter.id, {});
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempts: 1, error: null });
    expect(await bench.deadLetters.count()).toBe(0);
  });

  test('D13: that used up its attempts is parked with what went wrong; all of them go on by one call', async () => {
    await bench.query('DELETE FROM dead_letters');
    await bench.worker().ready();
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => bench.order({ behaviour: 'failing', failures: 99 })),
    );
    const broken = await bench.order({ behaviour: 'problem' });
    await eventually(async () => (await bench.deadLetters.count()) === ids.length, 'all are parked');
    expect((await bench.ended(broken)).status).toBe('failed');
    const { deadLetters, count: parked } = await bench.deadLetters.list({}, { skip: 0, take: 3 });
    expect([deadLetters.length, parked]).toEqual([3, ids.length]);
    const [{ letter, task, failures }] = deadLetters as [(typeof deadLetters)[number]];
    expect(letter).toMatchObject({ queue: 'ingest', reason: 'attempts_used_up', content: null });
    expect(task).toMatchObject({ status: 'failed', payload: { behaviour: 'failing' } });
    expect(failures.map(({ outcome, cause }) => [outcome, cause])).toEqual(
      Array.from({ length: 3 }, () => ['failed', 'Error: secret: connection to 10.0.0.1 refused']),
    );

    await bench.query(`UPDATE tasks SET payload = '{"behaviour":"succeed"}' WHERE status = 'failed'`);
    expect(await bench.deadLetters.redriveAll({}, {})).toEqual({ redriven: ids.length, refused: [] });
    for (const id of ids) expect((await bench.ended(id)).status).toBe('succeeded');
    expect(await bench.deadLetters.count()).toBe(0);
  });
});
