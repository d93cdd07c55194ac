import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../e2e/harness/app-process.js';
import { until } from '../e2e/harness/index.js';
import {
  clock,
  emptyDataset,
  expectClean,
  figure,
  openScene,
  randomNumbers,
  repeat,
  type Scene,
  settled,
  startWorker,
  times,
  Workload,
} from './harness/index.js';

/** A task is published this soon where the machine is idle; a kill is to come before as often as after. */
const TASK_MS = 300;
const LANES = 2;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.system.stop());

const sql = async (text: string, ...values: unknown[]): Promise<Record<string, number>[]> =>
  (await scene.system.database.query(text, values)).rows;

const attempts = async (datasetId: string): Promise<number[]> =>
  (await sql('SELECT attempts FROM tasks WHERE dataset_id = $1', datasetId)).map(
    (row) => row['attempts'] ?? 0,
  );

const isBusy = async (worker: AppProcess): Promise<boolean> => {
  const running = "SELECT 1 FROM tasks WHERE status = 'running' AND lease_owner LIKE $1";
  return (await sql(running, `%:${worker.pid}:%`)).length > 0;
};

/** Sends files until the worker has one of them in its hands. */
async function busy(worker: AppProcess, workload: Workload): Promise<void> {
  await until('the worker to have a task', async () => {
    if (await isBusy(worker)) return true;
    const waiting = await sql("SELECT 1 FROM tasks WHERE status = 'queued' LIMIT 1");
    if (waiting.length === 0) await workload.upload(scene.api);
    return false;
  });
}

describe('workers', () => {
  it('D1: killed at random points lose no row and double none', async () => {
    const random = randomNumbers('D1');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D1 files', 3000);
    const kill = async (): Promise<void> => {
      const worker = await startWorker(scene);
      await busy(worker, workload);
      await sleep(random() * TASK_MS);
      await worker.kill();
    };
    const kills = await repeat(times(6, 200), kill, LANES);
    const last = await startWorker(scene);
    const killedAt = Date.now();
    await settled(scene.system);
    const seconds = (Date.now() - killedAt) / 1000;
    await last.kill();
    const { rows } = await expectClean(scene.system, scene.api, datasetId, workload.operations);
    const [crashed] = await sql(
      'SELECT sum(crashes)::int AS count FROM tasks WHERE dataset_id = $1',
      datasetId,
    );
    figure(
      'D1',
      `${kills} kills of a worker at random points, ${crashed?.['count']} of them in the middle of a task: 0 of ${rows} rows in ` +
        `${workload.operations.length} uploads lost or doubled; all done ${seconds.toFixed(1)} s after the last kill`,
    );
  });

  it('D8: that slept past their lease publish nothing', async () => {
    const rounds = times(1, 20);
    const goesOn = clock();
    const random = randomNumbers('D8');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D8 files', 20_000);
    const workers = [await startWorker(scene), await startWorker(scene)];
    const state = 'SELECT id, fence, result, finished_at FROM tasks WHERE dataset_id = $1 ORDER BY id';
    let refused = 0;
    while (refused < rounds && goesOn()) {
      await workload.upload(scene.api);
      const sleeper = await until('one of them to have it', async () => {
        for (const worker of workers) if (await isBusy(worker)) return worker;
        // It may be over already: then there is another one.
        const open = await sql("SELECT 1 FROM tasks WHERE status IN ('queued', 'running')");
        if (open.length === 0) await workload.upload(scene.api);
        return undefined;
      });
      await sleep(random() * 50);
      sleeper.signal('SIGSTOP');
      const asleep = `SELECT id FROM tasks WHERE status = 'running' AND lease_owner LIKE $1`;
      const [taken] = await sql(asleep, `%:${sleeper.pid}:%`);
      if (taken === undefined) {
        sleeper.signal('SIGCONT');
        continue;
      }
      await settled(scene.system);
      const done = await sql(state, datasetId);
      sleeper.signal('SIGCONT');
      await until('the stale attempt to be refused', async () =>
        sleeper.output.some((line) => line.includes('taken over') && line.includes(String(taken['id']))),
      );
      expect(await sql(state, datasetId)).toEqual(done);
      refused += 1;
    }
    await Promise.all(workers.map((worker) => worker.kill()));
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    figure('D8', `${refused} of ${refused} stale publications refused, content unchanged`);
  });

  it('D10: told to stop under load finish or give back what they do', async () => {
    const random = randomNumbers('D10');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D10 files', 5000);
    const rounds = await repeat(times(2, 50), async () => {
      const worker = await startWorker(scene);
      await busy(worker, workload);
      await workload.upload(scene.api);
      await sleep(random() * TASK_MS);
      expect(await worker.stop()).toBe(0);
      expect(await sql("SELECT id FROM tasks WHERE status = 'running'")).toEqual([]);
    });
    const last = await startWorker(scene);
    await settled(scene.system);
    await last.kill();
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    expect(new Set(await attempts(datasetId))).toEqual(new Set([1]));
    figure(
      'D10',
      `${rounds} of ${rounds} workers ended in order under load, with code 0; no upload was started twice`,
    );
  });
});
