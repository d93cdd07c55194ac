import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { DropFolder, finishedTask, pulled } from './harness/folders.js';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';

const OBJECTS = 100;

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 2, env: { TASK_LEASE_SECONDS: '3', TASK_SWEEP_SECONDS: '1' } });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());

it('two workers, one killed in the middle: every object is taken once, then just what changed', async () => {
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
  await system.killWorker();
  await finishedTask(tenant.analyst, task.id, 150_000);
  expect((await runs())[0]).toMatchObject({
    status: 'succeeded',
    counts: { found: OBJECTS, taken: OBJECTS, unchanged: 0, skipped: 0, removed: 0 },
  });
  const path = `/datasets/${source.datasetId}/rows?pageSize=1000`;
  const ids = async (): Promise<number[]> =>
    expectStatus(await tenant.viewer.api.get(path), 200).results.map(({ id }: JsonBody) => id);
  expect(new Set(await ids()).size).toBe(OBJECTS);
  expect(await ids()).toHaveLength(OBJECTS);
  await folder.put('7.csv', 'id,note\n7,changed\n');
  await folder.put('new.csv', `id,note\n${OBJECTS},first\n`);
  await folder.remove('3.csv');
  const next = await pulled(tenant.analyst, source.id);
  expect(next.taken.map(({ key }: JsonBody) => key)).toEqual(['7.csv', 'new.csv']);
  expect(next).toMatchObject({ removed: ['3.csv'], counts: { unchanged: OBJECTS - 2, skipped: 0 } });
});
