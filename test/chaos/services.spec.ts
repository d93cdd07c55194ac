import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../e2e/harness/index.js';
import {
  control,
  emptyDataset,
  expectClean,
  figure,
  openScene,
  randomNumbers,
  repeat,
  type Scene,
  settled,
  times,
  Workload,
} from './harness/index.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ workers: 1 });
});
afterAll(() => scene.system.stop());

type Killed = 'postgres' | 'mongo' | 'rabbitmq';

/** Uploads files while a service is killed again and again, and has those repeated whose outcome is unknown. */
async function killUnderLoad(service: Killed, count: number): Promise<string> {
  const random = randomNumbers(`kills of ${service}`);
  const datasetId = await emptyDataset(scene);
  const workload = new Workload(datasetId, `files while ${service} is killed`);
  let slowest = 0;
  const kills = await repeat(count, async () => {
    const uploads = [workload.upload(scene.api), workload.upload(scene.api), workload.upload(scene.api)];
    await sleep(random() * 300);
    await control('kill', service);
    await Promise.all(uploads);
    await control('start', service);
    const back = Date.now();
    await until(`the api to take files after ${service} was killed`, async () => {
      await workload.upload(scene.api);
      return workload.operations.at(-1)?.outcome === 'ok';
    });
    slowest = Math.max(slowest, Date.now() - back);
  });
  for (const operation of workload.operations) {
    if (operation.outcome !== 'ok') await workload.repeat(scene.api, operation);
  }
  const last = Date.now();
  await settled(scene.system);
  const seconds = ((Date.now() - last) / 1000).toFixed(1);
  expect(workload.operations.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  const { rows } = await expectClean(scene.system, scene.api, datasetId, workload.operations);
  return (
    `${kills} kills of ${service} under load: 0 of ${rows} rows in ${workload.operations.length} uploads lost or doubled, ` +
    `uploads taken again at most ${(slowest / 1000).toFixed(1)} s after its return, all done ${seconds} s after the last`
  );
}

describe('services', () => {
  it('C4: Postgres killed under load loses nothing that was answered with 202', async () => {
    figure('C4', await killUnderLoad('postgres', times(2, 50)));
  });

  it('C3: MongoDB killed under load loses no frame that was acknowledged', async () => {
    figure('C3', `${await killUnderLoad('mongo', times(1, 50))} (embedded engine, standalone)`);
  });

  it('D2: RabbitMQ killed under load loses no task', async () => {
    figure('D2', await killUnderLoad('rabbitmq', times(1, 50)));
  });

  it('D2, D3: without RabbitMQ every upload is answered 202; with its data wiped all of them are done', async () => {
    const seconds = times(3, 120);
    const count = times(20, 200);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D3 files', 50);
    await control('stop', 'rabbitmq');
    const end = Date.now() + seconds * 1000;
    let sent = 0;
    try {
      while (sent < count || Date.now() < end) {
        await workload.upload(scene.api);
        sent += 1;
        if (sent >= count) await sleep(1000);
      }
      const statuses = new Set(workload.operations.map(({ status }) => status));
      expect(statuses).toEqual(new Set([202]));
      await rm(join(process.env['DATA_DIR'] ?? '', 'services/rabbitmq/mnesia'), { recursive: true });
    } finally {
      await control('start', 'rabbitmq');
    }
    const back = Date.now();
    await settled(scene.system);
    const took = ((Date.now() - back) / 1000).toFixed(1);
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    figure(
      'D3',
      `RabbitMQ away for ${seconds} s and its data wiped: ${sent} of ${sent} uploads answered 202, all done ${took} s after its return`,
    );
  });
});
