import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '@app/logging';
import { BroadcastListener } from '@app/messaging';
import { eventually } from './eventually.js';
import { TaskBench } from './task-bench.js';

let bench: TaskBench;
const listeners: BroadcastListener[] = [];
beforeAll(async () => {
  bench = await TaskBench.open();
});
afterAll(async () => {
  await Promise.all(listeners.map((listener) => listener.onApplicationShutdown()));
  await bench.close();
});

const control = (action: 'kill' | 'start') =>
  fetch(`${process.env['SERVICES_CONTROL_URL']}/${action}/rabbitmq`, { method: 'POST' });

test('every process that listens hears of changes to a task, and is woken after a time without the broker', async () => {
  const logger = createLogger('test', 'silent');
  for (let count = 0; count < 3; count += 1) listeners.push(new BroadcastListener(bench.settings, logger));
  const allListen = () => listeners.every(({ isListening }) => isListening);
  await eventually(allListen, 'all listen');
  await bench.worker().ready();
  const id = await bench.order({ behaviour: 'work', milliseconds: 1000 });
  const heard = listeners.map(() => 0);
  const forget = listeners.map((listener, index) =>
    listener.on({ subject: 'task', id }, () => (heard[index] = (heard[index] ?? 0) + 1)),
  );
  await bench.ended(id);
  // Its start, its progress and its end at least.
  await eventually(() => heard.every((count) => count >= 3), 'all have heard of it');

  heard.fill(0);
  expect((await control('kill')).status).toBe(204);
  await eventually(
    () => listeners.every(({ isListening }) => !isListening),
    'all notice that nobody tells them',
  );
  expect((await control('start')).status).toBe(204);
  await eventually(() => allListen() && heard.every((count) => count > 0), 'all are woken');
  for (const end of forget) end();
  await bench.reconnect();
});
