import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEAD_LETTER_QUEUE, declareQueue } from '@app/messaging';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from './eventually.js';
import { TaskBench } from './task-bench.js';
import type { Worker } from './worker.js';

let bench: TaskBench;
let worker: Worker;
beforeAll(async () => {
  bench = await TaskBench.open();
});
afterAll(() => bench.close());

const control = async (action: 'stop' | 'kill' | 'start', service: string): Promise<void> => {
  const response = await fetch(`${process.env['SERVICES_CONTROL_URL']}/${action}/${service}`, {
    method: 'POST',
  });
  expect(response.status).toBe(204);
};

const unsent = async (): Promise<number> => {
  const [row] = await bench.query<{ count: string }>('SELECT count(*) FROM outbox WHERE sent_at IS NULL');
  return Number(row?.count);
};

const forgetDeadLetters = async (): Promise<void> => {
  await bench.channel.purgeQueue(DEAD_LETTER_QUEUE);
  await bench.query('DELETE FROM dead_letters');
};

const outcomes = async (ids: string[]): Promise<Set<string>> =>
  new Set(await Promise.all(ids.map(async (id) => (await bench.ended(id)).status)));
const SUCCEEDED = new Set(['succeeded']);

describe('messages that wait for a worker', () => {
  afterEach(() => bench.stopWorkers());

  test('D2: tasks whose messages are gone are announced again', async () => {
    const ids = [await bench.order({ behaviour: 'succeed' }), await bench.order({ behaviour: 'succeed' })];
    await eventually(async () => (await unsent()) === 0, 'the messages are sent');
    await bench.channel.purgeQueue('ingest');
    await bench.worker().ready();
    expect(await outcomes(ids)).toEqual(SUCCEEDED);
  });

  test('a long queue is not announced again while its messages are there', async () => {
    const slow = await bench.order({ behaviour: 'work', milliseconds: 4000 });
    const waiting = await Promise.all(Array.from({ length: 5 }, () => bench.order({ behaviour: 'succeed' })));
    await eventually(async () => (await unsent()) === 0, 'the messages are sent');
    worker = await bench.worker().ready();
    expect(await outcomes([slow, ...waiting])).toEqual(SUCCEEDED);
    expect(worker.said('tasks announced again')).toBe(false);
  });
});

describe('messages', () => {
  beforeAll(async () => {
    worker = await bench.worker().ready();
  });

  test('D14: that are none of ours are dead-lettered, and the next good one is done', async () => {
    await bench.channel.purgeQueue(DEAD_LETTER_QUEUE);
    const taskId = uuidv7();
    const malformed = [
      '',
      'null',
      '{oops',
      '[]',
      '5',
      '{}',
      '{"pattern":"ingest"}',
      '{"pattern":"ingest","data":{"taskId":"../../etc/passwd"}}',
      '{"pattern":"ingest","data":{"taskId":{"$ne":null}}}',
      `{"pattern":"unheard-of","data":{"taskId":"${taskId}"}}`,
      `{"pattern":{"toString":1},"data":{"taskId":"${taskId}"}}`,
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      '{"__proto__":{"pattern":"ingest"}}',
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    ];
    for (const body of malformed) bench.channel.sendToQueue('ingest', Buffer.from(body));
    bench.channel.sendToQueue('ingest', Buffer.from('null'), { headers: { 'x-request-id': 'bad\r\nid' } });
    const id = await bench.order({ behaviour: 'succeed' });
    expect((await bench.ended(id)).status).toBe('succeeded');
    await eventually(
      async () => (await bench.deadLetters.count()) === malformed.length + 1,
      'all are kept as dead letters',
    );
    const { deadLetters, count } = await bench.deadLetters.list({ queue: 'ingest' }, { skip: 0, take: 5 });
    expect(count).toBe(malformed.length + 1);
    expect(deadLetters.map(({ letter }) => letter.content?.toString())).toEqual(
      malformed.slice(0, 5).map(String),
    );
    expect(deadLetters[0]).toMatchObject({ letter: { reason: 'not_a_message' }, task: null, failures: [] });
    expect((await bench.channel.checkQueue(DEAD_LETTER_QUEUE)).messageCount).toBe(0);
  });

  test('D13: that were no messages may be sent on their way again, and come back', async () => {
    await forgetDeadLetters();
    bench.channel.sendToQueue('ingest', Buffer.from('{oops'));
    const kept = async () => {
      await eventually(async () => (await bench.deadLetters.count()) === 1, 'the message is kept');
      const { deadLetters } = await bench.deadLetters.list({}, { skip: 0, take: 10 });
      return deadLetters[0]!.letter;
    };
    const first = await kept();
    await bench.deadLetters.redrive(first.id, {});
    const second = await kept();
    expect(second.id).not.toBe(first.id);
    expect(second.content).toEqual(Buffer.from('{oops'));
    await expect(bench.deadLetters.redrive(first.id, {})).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of tasks that do not exist are used up without effect', async () => {
    await forgetDeadLetters();
    bench.channel.sendToQueue('ingest', Buffer.from(`{"pattern":"ingest","data":{"taskId":"${uuidv7()}"}}`));
    await eventually(
      async () => (await bench.channel.checkQueue('ingest')).messageCount === 0,
      'the message is consumed',
    );
    const id = await bench.order({ behaviour: 'succeed' });
    expect((await bench.ended(id)).status).toBe('succeeded');
    expect(await bench.deadLetters.count()).toBe(0);
  });

  test('D9, D4: a worker whose queue is deleted consumes again, and no task is lost', async () => {
    for (let round = 0; round < 3; round += 1) {
      await bench.channel.deleteQueue('ingest');
      const id = await bench.order({ behaviour: 'succeed' });
      expect((await bench.ended(id)).status).toBe('succeeded');
    }
    // Told by the broker where it was consuming; else it found out when it wanted to.
    const noticed = ['the broker cancelled the consumer; connecting again', 'the consumer channel failed'];
    expect(noticed.some((message) => worker.said(message))).toBe(true);
    await worker.ready();
  });

  test('D9: a worker notices that its queue was replaced, of which the broker tells it nothing', async () => {
    await bench.channel.deleteQueue('ingest');
    await declareQueue(bench.channel, 'ingest');
    const id = await bench.order({ behaviour: 'succeed' });
    expect((await bench.ended(id)).status).toBe('succeeded');
  });

  test('carry the id of the request that caused them into the worker’s log', async () => {
    const requestId = `test-${uuidv7()}`;
    const id = await bench.orderAs(requestId, { behaviour: 'succeed' });
    await bench.ended(id);
    await eventually(
      () => worker.lines.some((line) => line['taskId'] === id && line['msg'] === 'task succeeded'),
      'the success is logged',
    );
    const lines = worker.lines.filter((line) => line['taskId'] === id);
    expect(new Set(lines.map((line) => line['requestId']))).toEqual(new Set([requestId]));
  });

  test('D3: wait in Postgres while the broker is away, and are sent when it is back', async () => {
    await control('stop', 'rabbitmq');
    const ids = await Promise.all(Array.from({ length: 20 }, () => bench.order({ behaviour: 'succeed' })));
    await eventually(async () => (await worker.health('ready')) === 503, 'the worker is not ready');
    expect(await worker.health('live')).toBe(200);
    expect(await unsent()).toBe(20);
    await control('start', 'rabbitmq');
    expect(await outcomes(ids)).toEqual(SUCCEEDED);
    expect(await unsent()).toBe(0);
    await worker.ready();
    for (const id of ids) {
      expect((await bench.story(id)).filter((event) => event === 'published')).toHaveLength(1);
    }
  });

  test('D2: survive a killed broker together with the work that runs', async () => {
    await bench.reconnect();
    const id = await bench.order({ behaviour: 'work', milliseconds: 1500 });
    await bench.until(id, ({ status }) => status === 'running', 'the task runs');
    await control('kill', 'rabbitmq');
    const next = await bench.order({ behaviour: 'succeed' });
    await control('start', 'rabbitmq');
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect((await bench.ended(next)).status).toBe('succeeded');
  });

  test('wait for Postgres: its loss costs a worker no task', async () => {
    await bench.reconnect();
    const id = await bench.order({ behaviour: 'work', milliseconds: 3000 });
    await bench.until(id, ({ status }) => status === 'running', 'the task runs');
    await control('kill', 'postgres');
    await control('start', 'postgres');
    expect((await bench.ended(id)).status).toBe('succeeded');
    expect((await bench.story(id)).filter((event) => event === 'published')).toHaveLength(1);
  });
});
