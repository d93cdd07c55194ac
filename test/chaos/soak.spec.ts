import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  control,
  emptyDataset,
  expectClean,
  figure,
  isSoak,
  openScene,
  type Scene,
  settled,
  Workload,
} from './harness/index.js';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 30);
const MINUTE_MS = 60_000;
/** The broker is away for this third of the time: ten minutes of thirty. */
const OUTAGE = { from: MINUTES / 3, to: (2 * MINUTES) / 3 };
const UPLOAD_EVERY_MS = 2000;
/** Memory may go up and down; once a third of the time has warmed everything up it may not go on growing. */
const GROWTH = 1.25;

interface Sample {
  megabytes: number;
  handles: number;
  connections: number;
}

let scene: Scene;
beforeAll(async () => {
  if (isSoak) scene = await openScene({ workers: 1 });
});
afterAll(() => scene?.system.stop());

async function sample(pid: number): Promise<Sample> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const { rows } = await scene.system.database.query(
    'SELECT count(*)::int AS connections FROM pg_stat_activity WHERE datname = current_database()',
  );
  return {
    megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    connections: rows[0].connections,
  };
}

const largest = (samples: Sample[], field: keyof Sample): number =>
  Math.max(...samples.map((each) => each[field]));

describe('soak', () => {
  it.skipIf(!isSoak)(
    'L6, D3: memory, handles and connections stay flat, and an outage of the broker costs nothing',
    async () => {
      const pids = { api: scene.system.apiProcess.pid, worker: scene.system.workers[0]?.pid ?? 0 };
      const samples: Record<keyof typeof pids, Sample[]> = { api: [], worker: [] };
      const datasetId = await emptyDataset(scene);
      const workload = new Workload(datasetId, 'soak', 500);
      const began = Date.now();
      let isAway = false;
      for (;;) {
        const minutes = (Date.now() - began) / MINUTE_MS;
        if (minutes > MINUTES) break;
        const shouldBeAway = minutes > OUTAGE.from && minutes < OUTAGE.to;
        if (shouldBeAway !== isAway) {
          await control(shouldBeAway ? 'stop' : 'start', 'rabbitmq');
          isAway = shouldBeAway;
        }
        await workload.upload(scene.api);
        await scene.api.get(`/datasets/${datasetId}/rows?pageSize=10`);
        if (samples.api.length < minutes) {
          for (const name of ['api', 'worker'] as const) samples[name].push(await sample(pids[name]));
        }
        await sleep(UPLOAD_EVERY_MS);
      }
      await settled(scene.system, 600_000);
      expect(new Set(workload.operations.map(({ status }) => status))).toEqual(new Set([202]));
      const { rows } = await expectClean(scene.system, scene.api, datasetId, workload.operations);
      for (const [name, all] of Object.entries(samples)) {
        const third = Math.floor(all.length / 3);
        const [begin, end] = [all.slice(0, third), all.slice(2 * third)];
        const text = (['megabytes', 'handles', 'connections'] as const).map((field) => {
          expect([name, field, largest(end, field) <= largest(begin, field) * GROWTH + 5]).toEqual([
            name,
            field,
            true,
          ]);
          return `${largest(begin, field).toFixed(0)} → ${largest(end, field).toFixed(0)} ${field}`;
        });
        figure(
          'L6',
          `${name}: ${text.join(', ')} (most in the first and in the last third of ${MINUTES} minutes)`,
        );
      }
      figure(
        'D3',
        `RabbitMQ away for ${(OUTAGE.to - OUTAGE.from).toFixed(0)} of ${MINUTES} minutes: all of ${workload.operations.length} uploads answered 202, ${rows} rows, none lost`,
      );
    },
  );
});
