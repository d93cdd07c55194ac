import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../e2e/harness/app-process.js';
import { until } from '../e2e/harness/index.js';
import {
  emptyDataset,
  expectClean,
  figure,
  openScene,
  randomNumbers,
  type Scene,
  settled,
  times,
  WORKER,
  Workload,
} from './harness/index.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.system.stop());

const startWorker = async (): Promise<AppProcess> =>
  (await AppProcess.start('worker', WORKER, scene.system.environment)).process;

const attempts = async (datasetId: string): Promise<number[]> => {
  const { rows } = await scene.system.database.query('SELECT attempts FROM tasks WHERE dataset_id = $1', [
    datasetId,
  ]);
  return rows.map((row: { attempts: number }) => row.attempts);
};

describe('workers', () => {
  it('D1: killed at random points lose no row and double none', async () => {
    const kills = times(6, 200);
    const random = randomNumbers('D1');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D1 files');
    for (let kill = 0; kill < kills; kill += 1) {
      const worker = await startWorker();
      await workload.upload(scene.api);
      await workload.upload(scene.api);
      await sleep(random() * 600);
      await worker.kill();
    }
    const last = await startWorker();
    const killedAt = Date.now();
    await settled(scene.system, 300_000);
    const seconds = (Date.now() - killedAt) / 1000;
    await last.kill();
    const { rows } = await expectClean(scene.system, scene.api, datasetId, workload.operations);
    const starts = await attempts(datasetId);
    figure(
      'D1',
      `${kills} kills of a worker at random points: 0 of ${rows} rows in ${workload.operations.length} uploads lost or ` +
        `doubled; ${starts.filter((count) => count > 1).length} uploads were started more than once; all done ${seconds.toFixed(1)} s after the last kill`,
    );
  });

  it('D8: that slept past their lease publish nothing', async () => {
    const rounds = times(1, 20);
    const random = randomNumbers('D8');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D8 files', 20_000);
    let refused = 0;
    while (refused < rounds) {
      const sleeper = await startWorker();
      const before = workload.operations.length;
      await workload.upload(scene.api);
      const running = async () => {
        const { rows } = await scene.system.database.query(
          "SELECT 1 FROM tasks WHERE dataset_id = $1 AND status = 'running'",
          [datasetId],
        );
        return rows.length > 0;
      };
      const finished = async () => (await attempts(datasetId)).length > before && !(await running());
      await until('the task to run', async () => (await running()) || (await finished()));
      await sleep(random() * 50);
      sleeper.signal('SIGSTOP');
      // It may have been faster: then there was nothing to refuse, and another round is made.
      if (!(await running())) {
        sleeper.signal('SIGCONT');
        await sleeper.kill();
        continue;
      }
      const other = await startWorker();
      await settled(scene.system);
      const fences = 'SELECT id, fence, result, finished_at FROM tasks WHERE dataset_id = $1 ORDER BY id';
      const done = (await scene.system.database.query(fences, [datasetId])).rows;
      sleeper.signal('SIGCONT');
      await until('the stale attempt to be refused', async () =>
        sleeper.output.some((line) => line.includes('taken over')),
      );
      expect((await scene.system.database.query(fences, [datasetId])).rows).toEqual(done);
      refused += 1;
      await Promise.all([sleeper.kill(), other.kill()]);
    }
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    figure('D8', `${refused} of ${rounds} stale publications refused, content unchanged`);
  });

  it('D10: told to stop under load finish or give back what they do', async () => {
    const rounds = times(2, 50);
    const random = randomNumbers('D10');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D10 files', 10_000);
    for (let round = 0; round < rounds; round += 1) {
      const worker = await startWorker();
      await Promise.all([workload.upload(scene.api), workload.upload(scene.api)]);
      await sleep(random() * 400);
      const code = await worker.stop();
      expect([0, 143, null]).toContain(code);
      const { rows } = await scene.system.database.query(
        "SELECT count(*) FROM tasks WHERE status = 'running'",
      );
      expect(rows[0].count).toBe('0');
    }
    const last = await startWorker();
    await settled(scene.system);
    await last.kill();
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    expect(new Set(await attempts(datasetId))).toEqual(new Set([1]));
    figure('D10', `${rounds} of ${rounds} workers ended in order under load; no upload was started twice`);
  });
});
