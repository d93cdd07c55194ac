import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../e2e/harness/app-process.js';
import { expectStatus, until } from '../e2e/harness/index.js';
import {
  administrator,
  dyingAt,
  emptyDataset,
  expectClean,
  figure,
  openScene,
  type Scene,
  settled,
  startWorker,
  times,
  Workload,
} from './harness/index.js';

/** As in production: how soon a death is noticed must not rest on the short leases of other runs. */
const AS_DELIVERED = { TASK_LEASE_SECONDS: '30', TASK_SWEEP_SECONDS: '2', TASK_MAX_ATTEMPTS: '8' };
const MAX_STARTS = 4;
const VISIBLE_WITHIN_MS = 10_000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ env: { ...AS_DELIVERED, TASK_MAX_CRASHES: String(MAX_STARTS) } });
});
afterAll(() => scene.system.stop());

const tasksOf = async (datasetId: string): Promise<Record<string, unknown>[]> =>
  (
    await scene.system.database.query(
      `SELECT status, attempts, error ->> 'code' AS code FROM tasks WHERE dataset_id = $1`,
      [datasetId],
    )
  ).rows;

const redriveAll = async (): Promise<{ redriven: number; refused: unknown[] }> =>
  expectStatus(await (await administrator(scene.system)).post('/admin/dead-letters/redrive', {}), 200);

const parkedCount = async (): Promise<number> => {
  const api = await administrator(scene.system);
  return expectStatus(await api.get('/admin/dead-letters?pageSize=1'), 200).count;
};

describe('what is given up', () => {
  it('D5: a file that kills its worker is parked after four starts, seen soon, and can be sent on', async () => {
    const rounds = times(1, 3);
    let slowest = 0;
    for (let round = 0; round < rounds; round += 1) {
      const datasetId = await emptyDataset(scene);
      const workload = new Workload(datasetId, `D5 file ${round}`, 100);
      await workload.upload(scene.api);
      const over = new AbortController();
      const ended = once(over.signal, 'abort').then(() => 'ended' as const);
      let lastDeath = 0;
      const upSince = new Map<AppProcess, number>();
      // Two workers that are started again whenever they die, as a supervisor does.
      const supervised = async (): Promise<void> => {
        while (!over.signal.aborted) {
          // Who dies before it has said that it is up has died all the same.
          const worker = await startWorker(scene, dyingAt('task.before-publication')).catch(() => undefined);
          if (worker !== undefined) {
            upSince.set(worker, Date.now());
            if ((await Promise.race([worker.exited, ended])) === 'ended') return worker.kill();
            upSince.delete(worker);
          }
          lastDeath = Date.now();
        }
      };
      const lanes = [supervised(), supervised()];
      await until(
        'the task to be parked',
        async () => (await tasksOf(datasetId))[0]?.['status'] === 'failed',
        240_000,
      );
      // Nobody can notice while both are being started.
      const noticeable = Math.max(lastDeath, Math.min(...upSince.values()));
      slowest = Math.max(slowest, Date.now() - noticeable);
      over.abort();
      await Promise.all(lanes);
      expect(await tasksOf(datasetId)).toEqual([{ status: 'failed', attempts: MAX_STARTS, code: 'poison' }]);
      expect(await redriveAll()).toEqual({ redriven: 1, refused: [] });
      const worker = await startWorker(scene);
      await settled(scene.system);
      await worker.kill();
      await expectClean(scene.system, scene.api, datasetId, workload.operations);
    }
    expect(slowest).toBeLessThan(VISIBLE_WITHIN_MS);
    figure(
      'D5',
      `${rounds} files that kill their worker: each parked after ${MAX_STARTS} starts, seen ${(slowest / 1000).toFixed(1)} s after the ` +
        `last death at most (leases of 30 s), done after a redrive`,
    );
  });

  it('D13: what stopped for one cause goes on by one call once the cause is mended', async () => {
    const count = times(20, 100);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D13 files', 50);
    for (let file = 0; file < count; file += 1) await workload.upload(scene.api);
    await scene.system.database.query('UPDATE tasks SET max_attempts = 1 WHERE dataset_id = $1', [datasetId]);
    // Where working directories should be, there is a file.
    const obstacle = join(scene.system.dataDirectory, 'work');
    await rm(obstacle, { recursive: true, force: true });
    await writeFile(obstacle, 'in the way');
    const worker = await startWorker(scene);
    await settled(scene.system);
    const parked = await tasksOf(datasetId);
    expect(new Set(parked.map(({ status }) => status))).toEqual(new Set(['failed']));
    expect(await parkedCount()).toBe(count);
    await rm(obstacle);
    expect(await redriveAll()).toEqual({ redriven: count, refused: [] });
    await settled(scene.system);
    expect(await parkedCount()).toBe(0);
    await worker.kill();
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    figure(
      'D13',
      `${count} of ${count} parked tasks done after their cause was mended and one call redrove them`,
    );
  });
});
