import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TaskBench } from './task-bench.js';

let bench: TaskBench;
beforeAll(async () => {
  bench = await TaskBench.open();
});
afterEach(() => bench.stopWorkers());
afterAll(() => bench.close());

/** Ids in the order in which they were started. */
const started = async (ids: readonly string[]): Promise<string[]> => {
  const rows = await bench.query<{ task_id: string }>(
    `SELECT task_id FROM test_events WHERE event = 'run' AND task_id = ANY($1) ORDER BY id`,
    [ids],
  );
  return rows.map((row) => row.task_id);
};

describe('turns', () => {
  test('L5: a customer with many tasks does not keep the first one of another waiting', async () => {
    const [many, few] = [await bench.addCustomer(), await bench.addCustomer()];
    const crowd: string[] = [];
    for (let ordered = 0; ordered < 40; ordered += 1) {
      crowd.push(await bench.order({ behaviour: 'work', milliseconds: 40 }, many));
    }
    const other = [
      await bench.order({ behaviour: 'work', milliseconds: 40 }, few),
      await bench.order({ behaviour: 'work', milliseconds: 40 }, few),
    ];
    await bench.worker().ready();
    for (const id of [...crowd, ...other]) expect((await bench.ended(id)).status).toBe('succeeded');
    const order = await started([...crowd, ...other]);
    expect(order.indexOf(other[0]!)).toBeLessThanOrEqual(1);
    expect(order.indexOf(other[1]!)).toBeLessThanOrEqual(3);
    expect(order.filter((id) => crowd.includes(id))).toEqual(crowd);
  });

  test('the priority of a task orders those of its customer, and takes no other customer’s turn', async () => {
    const [eager, other] = [await bench.addCustomer(), await bench.addCustomer()];
    const plain = [
      await bench.order({ behaviour: 'succeed' }, eager),
      await bench.order({ behaviour: 'succeed' }, eager),
    ];
    const urgent = [
      await bench.order({ behaviour: 'succeed' }, eager),
      await bench.order({ behaviour: 'succeed' }, eager),
    ];
    for (const id of urgent) await bench.tasks.patch(id, { priority: 100 }, {});
    const modest = await bench.order({ behaviour: 'succeed' }, other);
    await bench.worker().ready();
    const all = [...plain, ...urgent, modest];
    for (const id of all) expect((await bench.ended(id)).status).toBe('succeeded');
    const order = await started(all);
    expect(order.filter((id) => id !== modest)).toEqual([...urgent, ...plain]);
    expect(order.indexOf(modest)).toBeLessThanOrEqual(1);
  });
});

describe('a message', () => {
  test('D7: is not held while its task runs, however impatient the broker is', async () => {
    // Brokers of tests wait 20 s for an acknowledgement and look every 2 s.
    const worker = await bench.worker().ready();
    const long = await bench.order({ behaviour: 'work', milliseconds: 26_000 });
    const next = await bench.order({ behaviour: 'succeed' });
    expect(await bench.ended(long)).toMatchObject({ status: 'succeeded', attempts: 1, fence: 1 });
    expect(await bench.story(long)).toEqual(['started', 'run', 'published']);
    expect((await bench.ended(next)).status).toBe('succeeded');
    expect(await started([long, next])).toEqual([long, next]);
    expect(worker.said('the consumer channel failed')).toBe(false);
  });
});
