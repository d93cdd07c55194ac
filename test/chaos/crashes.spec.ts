import { randomBytes } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Failpoint, FAILPOINTS } from '@app/failpoints';
import type { AppProcess } from '../e2e/harness/app-process.js';
import { ApiClient } from '../e2e/harness/index.js';
import {
  anotherApi,
  dyingAt,
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

const DIES_WITHIN_MS = 30_000;
const LANES = 2;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.system.stop());

const points = (pattern: RegExp): readonly Failpoint[] => FAILPOINTS.filter((name) => pattern.test(name));

/** A failpoint that is not reached proves nothing: that fails the run. */
async function died(name: string, app: AppProcess): Promise<void> {
  const survived = sleep(DIES_WITHIN_MS, 'survived', { ref: false });
  expect([name, await Promise.race([app.exited.then(() => 'died'), survived])]).toEqual([name, 'died']);
}

const temporaryFiles = async (): Promise<string[]> => {
  const incoming = join(scene.system.dataDirectory, 'blobs/incoming');
  return (await readdir(incoming)).map((name) => join(incoming, name));
};

async function finish(datasetId: string, workload: Workload): Promise<number> {
  const worker = await startWorker(scene);
  await settled(scene.system);
  await worker.kill();
  return (await expectClean(scene.system, scene.api, datasetId, workload.operations)).rows;
}

describe('a process that dies', () => {
  it('C5: the api at each of its failpoints: what it took is there, everything else may be sent again', async () => {
    const names = points(/^(blob|upload)\./);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'failpoints of the api', 100);
    for (let round = 0; round < times(1, 3); round += 1) {
      for (const name of names) {
        const { process: dying, url } = await anotherApi(scene, dyingAt(name));
        const operation = await workload.upload(new ApiClient(url, scene.key));
        expect([name, operation.outcome]).toEqual([name, 'unknown']);
        await died(name, dying);
        await workload.repeat(scene.api, operation);
        // Only where the transaction had been committed are the bytes known already.
        expect([name, operation.status]).toEqual([name, name === 'upload.committed' ? 409 : 202]);
      }
    }
    await finish(datasetId, workload);
    figure(
      'C5',
      `the api killed at each of ${names.length} failpoints ${times(1, 3)}×: every retry taken, every row once`,
    );
  });

  it('C5: the api in the middle of an upload: a retry is never 409', async () => {
    const random = randomNumbers('C5');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'cut uploads', 20_000);
    let left = 0;
    const kill = async (): Promise<void> => {
      const { process: dying, url } = await anotherApi(scene);
      const rows = 5000;
      const operation = { batch: workload.operations.length, rows, outcome: 'unknown' as const, status: 0 };
      workload.operations.push(operation);
      await cutUpload(url, datasetId, workload.fileOf(operation), random(), dying);
      left = Math.max(left, (await temporaryFiles()).length);
      await workload.repeat(scene.api, operation);
      expect(operation.status).toBe(202);
    };
    const kills = await repeat(times(2, 100), kill, LANES);
    await finish(datasetId, workload);
    // An hour later, as it is for the sweep with which every process begins.
    const then = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const path of await temporaryFiles()) await utimes(path, then, then);
    const { process: next } = await anotherApi(scene);
    expect(await temporaryFiles()).toEqual([]);
    await next.kill();
    figure(
      'C5',
      `${kills} kills of the api in the middle of an upload: ${kills} of ${kills} retries answered 202, ` +
        `0 temporary files left by a sweep (of ${left} before)`,
    );
  });

  it('D2: a relay before and after the broker’s confirm: every task is done, once', async () => {
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'failpoints of the relay', 100);
    for (const name of points(/^outbox\./)) {
      const { process: dying, url } = await anotherApi(scene, dyingAt(name));
      const life = { isOver: false };
      void dying.exited.then(() => (life.isOver = true));
      // Another relay may be faster with one message; not with all of them.
      for (let attempt = 0; attempt < 20 && !life.isOver; attempt += 1) {
        await workload.upload(new ApiClient(url, scene.key));
      }
      await died(name, dying);
    }
    for (const operation of workload.operations) {
      if (operation.outcome !== 'ok') await workload.repeat(scene.api, operation);
    }
    await finish(datasetId, workload);
  });

  it('D1, C1: a worker at each of its failpoints: every file is read, whole and once', async () => {
    const names = points(/^(task|frames?)\./);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'failpoints of the worker', 5000);
    for (let round = 0; round < times(1, 3); round += 1) {
      for (const name of names) {
        const dying = await startWorker(scene, dyingAt(name));
        await workload.upload(scene.api);
        await died(name, dying);
      }
    }
    const rows = await finish(datasetId, workload);
    figure(
      'D1',
      `a worker killed at each of ${names.length} failpoints ${times(1, 3)}×: 0 of ${rows} rows lost or doubled`,
    );
  });
});

/** Sends a random part of the file, kills the api, and never gets an answer. */
async function cutUpload(
  url: string,
  datasetId: string,
  file: string,
  share: number,
  app: AppProcess,
): Promise<void> {
  const boundary = randomBytes(12).toString('hex');
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="cut.csv"\r\n` +
    'Content-Type: text/csv\r\n\r\n';
  const body = Buffer.from(`${head}${file}\r\n--${boundary}--\r\n`);
  const call = request(`${url}/api/v1/datasets/${datasetId}/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${scene.key}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': body.length,
    },
  });
  const ended = new Promise<void>((resolve) => {
    call.on('error', () => resolve());
    call.on('response', (response) => response.resume().on('close', () => resolve()));
  });
  const sent = Math.floor(head.length + (body.length - head.length - 200) * share);
  await new Promise<void>((resolve) => void call.write(body.subarray(0, sent), () => resolve()));
  await app.kill();
  await ended;
}
