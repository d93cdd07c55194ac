import mongoose from 'mongoose';
import { afterEach, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { ready, startDataset } from './harness/uploads.js';

const ROWS = 400_000;
const LAST_PAGE = ROWS / 1000;
const control = process.env['SERVICES_CONTROL_URL'];

let system: System;

afterEach(() => system.stop());

/** Each row differs from all others, so that a lost or doubled one shows in the sorted rows. */
function numberedRows(): string {
  const records = Array.from({ length: ROWS }, (_, n) => `${n},S${n % 5000},${n % 97},2011-01-01 08:26:00\n`);
  return `n,CustomerID,Quantity,InvoiceDate\n${records.join('')}`;
}

async function expectEveryRowOnce(tenant: Tenant, datasetId: string): Promise<void> {
  const page = async (number: number) => {
    const path = `/datasets/${datasetId}/rows?columns=n&ordering=n&pageSize=1000&page=${number}`;
    const { count, results } = expectStatus(await tenant.viewer.api.get(path), 200);
    expect(count).toBe(ROWS);
    return results.map(({ n }: { n: number }) => n) as number[];
  };
  for (const number of [1, 2, 77, Math.floor(LAST_PAGE / 2), LAST_PAGE - 1, LAST_PAGE]) {
    const first = (number - 1) * 1000;
    expect(await page(number)).toEqual(Array.from({ length: 1000 }, (_, i) => first + i));
  }
}

async function revisionsStored(uploadId: string): Promise<number[]> {
  const mongo = await mongoose.createConnection(system.environment['MONGO_URL'] ?? '').asPromise();
  try {
    return await mongo.collection('frames').distinct('revision', { uploadId });
  } finally {
    await mongo.close();
  }
}

describe('D1: kill -9 of a worker in the middle of an ingest', () => {
  it('has another worker finish it, with every row once', async () => {
    system = await startSystem({ workers: 1, env: { TASK_LEASE_SECONDS: '2', TASK_SWEEP_SECONDS: '1' } });
    const tenant = await system.make.tenant();
    const { dataset, upload, task } = await startDataset(tenant.analyst, tenant, numberedRows());
    await until('the ingest to be under way', async () => {
      const { status, progress } = expectStatus(await tenant.viewer.api.get(`/tasks/${task.id}`), 200);
      expect(status).not.toBe('succeeded');
      return status === 'running' && progress !== null;
    });
    await system.killWorker();
    expect(expectStatus(await tenant.viewer.api.get(`/uploads/${upload.id}`), 200).status).toBe('processing');
    expect(expectStatus(await tenant.viewer.api.get(`/datasets/${dataset.id}/rows`), 200).count).toBe(0);
    await system.startWorker();
    expect(await ready(tenant.viewer.api, upload.id)).toMatchObject({
      rowCount: ROWS,
      rejectedCount: 0,
      duplicateCount: 0,
      revision: 2,
    });
    expect(expectStatus(await tenant.viewer.api.get(`/tasks/${task.id}`), 200).attempts).toBe(2);
    await expectEveryRowOnce(tenant, dataset.id);
    await until('the frames of the killed attempt to be removed', async () =>
      (await revisionsStored(upload.id)).every((revision) => revision === 2),
    );
  });
});

describe('a cancelled ingest', () => {
  it('shows nothing, and retried it is read to its end', async () => {
    system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1' } });
    const tenant = await system.make.tenant();
    const { dataset, upload, task } = await startDataset(tenant.analyst, tenant, numberedRows());
    await until('the ingest to be under way', async () => {
      const { status } = expectStatus(await tenant.viewer.api.get(`/tasks/${task.id}`), 200);
      return status === 'running';
    });
    expectStatus(await tenant.analyst.api.delete(`/uploads/${upload.id}`), 204);
    const cancelled = expectStatus(await tenant.viewer.api.get(`/uploads/${upload.id}`), 200);
    expect(cancelled).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    expectStatus(await tenant.analyst.api.post(`/tasks/${task.id}/retry`), 202);
    expect((await ready(tenant.viewer.api, upload.id)).rowCount).toBe(ROWS);
    await expectEveryRowOnce(tenant, dataset.id);
  });
});

describe('D3: RabbitMQ stopped', () => {
  // Only a broker that the run itself provides can be stopped.
  it.skipIf(control === undefined)(
    'answers uploads with 202 and processes them once it is back',
    async () => {
      system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '2' } });
      const tenant = await system.make.tenant();
      await broker('stop');
      try {
        const started = [];
        for (let i = 0; i < 5; i += 1) {
          started.push(await startDataset(tenant.analyst, tenant, `Shopper,n\nA,${i}\nB,${i}\n`));
        }
        const waiting = expectStatus(await tenant.viewer.api.get('/tasks?status=queued'), 200);
        expect(waiting.count).toBe(5);
        await broker('start');
        for (const { upload } of started) {
          expect((await ready(tenant.viewer.api, upload.id)).rowCount).toBe(2);
        }
      } finally {
        await broker('start');
      }
    },
  );
});

async function broker(action: 'start' | 'stop'): Promise<void> {
  const answer = await fetch(`${control}/${action}/rabbitmq`, { method: 'POST' });
  expect(answer.status).toBe(204);
}
