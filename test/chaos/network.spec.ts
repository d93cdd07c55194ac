import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../e2e/harness/app-process.js';
import { until } from '../e2e/harness/index.js';
import {
  emptyDataset,
  expectClean,
  FaultProxy,
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
let broker: ChannelModel;
let channel: Channel;
const proxies: Record<string, FaultProxy> = {};
let worker: AppProcess;
beforeAll(async () => {
  scene = await openScene();
  broker = await connect(process.env['RABBITMQ_URL'] ?? '');
  channel = await broker.createChannel();
  const { environment } = scene.system;
  for (const name of ['RABBITMQ_URL', 'DATABASE_URL', 'MONGO_URL']) {
    proxies[name] = await FaultProxy.before(environment[name] ?? '');
  }
  const through = Object.fromEntries(Object.entries(proxies).map(([name, { url }]) => [name, url]));
  worker = (await AppProcess.start('worker', WORKER, { ...environment, ...through })).process;
});
afterAll(async () => {
  await worker.kill();
  await broker.close();
  for (const proxy of Object.values(proxies)) await proxy.close();
  await scene.system.stop();
});

const proxyOf = (name: string): FaultProxy => proxies[name] as FaultProxy;

/** Seconds until a file is read that is sent once the fault is over. */
async function recovery(workload: Workload): Promise<number> {
  const began = Date.now();
  await workload.upload(scene.api);
  await settled(scene.system);
  return (Date.now() - began) / 1000;
}

describe('the network', () => {
  it('D9: cuts, black holes and delays between a worker and what it needs cost time and no row', async () => {
    const rounds = times(1, 20);
    const holeSeconds = times(12, 60);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D9 files');
    const slowest = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, proxy] of Object.entries(proxies)) {
        const faults = {
          cut: async () => proxy.cut(),
          latency: async () => {
            proxy.set({ kind: 'latency', milliseconds: 50 });
            await workload.upload(scene.api);
            await settled(scene.system);
          },
          'half-open': async () => {
            proxy.set({ kind: 'half-open' });
            await sleep(2000);
            proxy.cut();
          },
        };
        for (const [fault, inflict] of Object.entries(faults)) {
          await workload.upload(scene.api);
          await inflict();
          proxy.set({ kind: 'none' });
          const seconds = await recovery(workload);
          slowest.set(`${fault} ${name}`, Math.max(seconds, slowest.get(`${fault} ${name}`) ?? 0));
        }
      }
    }
    const rabbitmq = proxyOf('RABBITMQ_URL');
    rabbitmq.set({ kind: 'black-hole' });
    await workload.upload(scene.api);
    await sleep(holeSeconds * 1000);
    rabbitmq.set({ kind: 'none' });
    const afterHole = await recovery(workload);
    // Whether it heard of the end of the silence or gave the connection up, it consumes again.
    expect(afterHole).toBeLessThan(30);
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    const worst = Math.max(...slowest.values()).toFixed(1);
    figure(
      'D9',
      `${rounds} cuts, ${rounds} half-open connections and ${rounds} delays for each of RabbitMQ, Postgres and MongoDB: worked again ` +
        `after at most ${worst} s; after a black hole of ${holeSeconds} s before RabbitMQ after ${afterHole.toFixed(1)} s`,
    );
  });

  it('D4: a queue that is deleted under load loses no task', async () => {
    const rounds = times(2, 20);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D4 files', 200);
    for (let round = 0; round < rounds; round += 1) {
      const uploads = Array.from({ length: 4 }, () => workload.upload(scene.api));
      await channel.deleteQueue('ingest');
      await Promise.all(uploads);
    }
    await settled(scene.system);
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    figure(
      'D4',
      `${rounds} deletions of the queue under load: 0 of ${workload.operations.length} uploads lost`,
    );
  });

  it('D11: every message three times and in any order changes nothing', async () => {
    const random = randomNumbers('D11');
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D11 files', 50);
    for (let file = 0; file < times(10, 500); file += 1) await workload.upload(scene.api);
    const { rows } = await scene.system.database.query('SELECT id FROM tasks WHERE dataset_id = $1', [
      datasetId,
    ]);
    const again = [...rows, ...rows].map(({ id }: { id: string }) => ({ id, at: random() }));
    for (const { id } of again.sort((one, other) => one.at - other.at)) {
      channel.sendToQueue(
        'ingest',
        Buffer.from(JSON.stringify({ pattern: 'ingest', data: { taskId: id } })),
        {
          persistent: true,
        },
      );
    }
    await settled(scene.system, 300_000);
    await until(
      'all messages to be consumed',
      async () => (await channel.checkQueue('ingest')).messageCount === 0,
    );
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    const starts = await scene.system.database.query(
      'SELECT DISTINCT attempts FROM tasks WHERE dataset_id = $1',
      [datasetId],
    );
    expect(starts.rows).toEqual([{ attempts: 1 }]);
    figure('D11', `${rows.length} tasks, each message three times in random order: each started once`);
  });

  it('D14: bodies that are no messages are kept aside, and the next good one is done', async () => {
    const count = times(300, 10_000);
    const random = randomNumbers('D14');
    const before = Number(
      (await scene.system.database.query('SELECT count(*) FROM dead_letters')).rows[0].count,
    );
    for (let sent = 0; sent < count; sent += 1) {
      const noise = randomBytes(Math.floor(random() * 64)).toString(random() < 0.5 ? 'latin1' : 'hex');
      const bodies = [
        noise,
        `{"pattern":"ingest","data":${JSON.stringify(noise)}}`,
        `[${noise}`,
        `{"${'['.repeat(500)}`,
      ];
      const body = bodies[Math.floor(random() * bodies.length)] ?? '';
      channel.sendToQueue('ingest', Buffer.from(body), { headers: { 'x-request-id': noise } });
    }
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'D14 files', 50);
    await workload.upload(scene.api);
    await settled(scene.system);
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    await until('all of them to be kept', async () => {
      const { rows } = await scene.system.database.query('SELECT count(*) FROM dead_letters');
      return Number(rows[0].count) === before + count;
    });
    figure(
      'D14',
      `${count} random bodies: all kept as dead letters, the worker lived and did the next good one`,
    );
  });
});
