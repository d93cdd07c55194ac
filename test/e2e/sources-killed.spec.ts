import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { DropFolder, finishedTask, pulled } from './harness/folders.js';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';

/** SOURCE_OBJECTS=1000 for as many as the largest sources have. */
const OBJECTS = Number(process.env['SOURCE_OBJECTS'] || 100);
const LATE = 5;

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({
    workers: 2,
    env: { TASK_LEASE_SECONDS: '3', TASK_SWEEP_SECONDS: '1', ACCESS_TOKEN_EXPIRE_DAYS: '1' },
  });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

it(
  'two workers, one killed in the middle: what is there and what comes is taken once, then just what changed',
  async () => {
    const folder = new DropFolder(system);
    for (let id = 0; id < OBJECTS; id += 1) await folder.put(`${id}.csv`, `id,note\n${id},first\n`);
    const made = await tenant.analyst.api.post('/sources', {
      customerId: tenant.customerId,
      kind: 'folder',
      prefix: folder.name,
    });
    const source = expectStatus(made, 201);
    const { task } = expectStatus(await tenant.analyst.api.post(`/sources/${source.id}/sync`), 202);
    const runs = async (): Promise<JsonBody[]> =>
      expectStatus(await tenant.viewer.api.get(`/sources/${source.id}/runs`), 200).results;
    await until('some objects to be taken', async () => ((await runs())[0]?.taken.length ?? 0) >= 10);
    for (let n = 0; n < LATE; n += 1) await folder.put(`late-${n}.csv`, `id,note\n${OBJECTS + n},late\n`);
    await system.killWorker();
    await finishedTask(tenant.analyst, task.id, OBJECTS * 1500);
    const [first] = await runs();
    expect(first).toMatchObject({ status: 'succeeded', counts: { unchanged: 0, skipped: 0, removed: 0 } });
    expect(first?.['counts'].taken).toBeGreaterThanOrEqual(OBJECTS);
    // What came meanwhile is for this run or for the next, and never for both.
    const second = await pulled(tenant.analyst, source.id, OBJECTS * 1500);
    expect(first?.['counts'].taken + second.counts.taken).toBe(OBJECTS + LATE);
    const path = `/datasets/${source.datasetId}/export?format=csv&columns=id`;
    const ids = (await tenant.viewer.api.get(path)).text.trim().split('\r\n').slice(1);
    expect(ids.map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: OBJECTS + LATE }, (_, id) => id),
    );
    await folder.put('7.csv', 'id,note\n7,changed\n');
    await folder.put('new.csv', `id,note\n${OBJECTS + LATE},first\n`);
    await folder.remove('3.csv');
    const next = await pulled(tenant.analyst, source.id);
    expect(next.taken.map(({ key }: JsonBody) => key)).toEqual(['7.csv', 'new.csv']);
    expect(next).toMatchObject({ removed: ['3.csv'], counts: { unchanged: OBJECTS + LATE - 2, skipped: 0 } });
  },
  Math.max(180_000, OBJECTS * 3000),
);
