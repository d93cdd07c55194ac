import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { finishedReport, ready, startDataset } from './harness/uploads.js';

const SHOPPERS = 25_000;
const WITHIN_MS = 1000;
const PHASES = ['reading', 'clustering', 'scoring', 'storing'];
const features = [
  'recencyDays',
  'frequency',
  'monetary',
  'averageBasket',
  'itemsPerBasket',
  'distinctProducts',
  'tenureDays',
  'daysBetweenOrders',
];

let system: System;
let tenant: Tenant;
let seed = 0;

/** So many shoppers that every phase takes a while, on a fast machine too. */
function sales(): string {
  const lines = Array.from({ length: 5 * SHOPPERS }, (_, row) => {
    const shopper = (row * 7919) % SHOPPERS;
    const day = `2024-${10 + (row % 3)}-${10 + ((row + shopper) % 18)}`;
    return `S${shopper},O${row},${day},${1 + (row % 6)},${(1 + ((row * 31) % 997)) / 10},P${(row * 13) % 3001}\n`;
  });
  return `customer,order,date,quantity,price,product\n${lines.join('')}`;
}

const taskOf = async (id: string): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/tasks/${id}`), 200);

/** What the worker said of a task, with the time of saying it. */
const linesOf = (taskId: string): { msg: string; time: string | number }[] =>
  (system.workers[0]?.output ?? []).filter((line) => line.includes(taskId)).map((line) => JSON.parse(line));

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const { upload } = await startDataset(tenant.analyst, tenant, sales());
  await ready(tenant.viewer.api, upload.id, 120_000);
});
afterAll(() => system.stop());

describe('a report that is being made', () => {
  it.each(PHASES)('is given up within a second of a cancel while %s', { retry: 2 }, async (phase) => {
    seed += 1;
    const body = { customerId: tenant.customerId, features, seed };
    const { report, task } = expectStatus(await tenant.analyst.api.post('/reports', body), 202);
    let before = Date.now();
    const met = await until(`the phase ${phase}`, async () => {
      const asked = Date.now();
      const { progress, status } = await taskOf(task.id);
      if (status === 'succeeded') {
        if (phase === PHASES.at(-1) && Date.now() - before < WITHIN_MS) return 'over';
        throw new Error(`the report was made before ${phase} was seen`);
      }
      if (progress?.phase === phase) return progress;
      before = asked;
      return undefined;
    });
    // On a fast machine the last phase may be over before it is seen: then it was shorter than a cancel may take.
    if (met === 'over') return;
    expect(met).toMatchObject({ unit: 'percent', total: 100 });
    const cancelledAt = Date.now();
    expectStatus(await tenant.analyst.api.post(`/tasks/${task.id}/cancel`), 200);
    const ended = await until('the worker to give up', async () =>
      linesOf(task.id).find(({ msg }) => msg.includes('this attempt ends')),
    );
    expect(new Date(ended.time).getTime() - cancelledAt).toBeLessThan(WITHIN_MS);
    const { status, segments } = await finishedReport(tenant.viewer.api, report.id);
    expect({ status, segments }).toEqual({ status: 'cancelled', segments: [] });
  });

  it('goes through its phases one after the other', async () => {
    seed += 1;
    const body = { customerId: tenant.customerId, seed };
    const { task } = expectStatus(await tenant.analyst.api.post('/reports', body), 202);
    const seen: { phase: string; done: number }[] = [];
    await until('the report', async () => {
      const { progress, status } = await taskOf(task.id);
      if (progress !== null) seen.push(progress);
      return status === 'succeeded';
    });
    const order = seen.map(({ phase }) => PHASES.indexOf(phase));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBeGreaterThan(1);
  });
});
