import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ApiClient, until } from '../e2e/harness/index.js';
import {
  control,
  emptyDataset,
  expectClean,
  figure,
  openScene,
  type Scene,
  settled,
  times,
  Workload,
} from './harness/index.js';

const PAUSE_MS = 200;
/** L7: so soon readiness follows, at most. */
const FLIPS_WITHIN_MS = 5000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ workers: 1 });
});
afterAll(() => scene.system.stop());

interface Outage {
  service: 'postgres' | 'mongo' | 'rabbitmq' | 'redis';
  seconds: number;
  /** What `GET /health/ready` of the api and of the worker answer meanwhile. */
  ready: [api: number, worker: number];
  lists: number;
  rows: number;
  upload: number;
}

/** The longest that is asked for, and for the others a minute; rows are at hand in the cache of frames. */
const OUTAGES: Outage[] = [
  { service: 'postgres', seconds: times(3, 600), ready: [503, 503], lists: 503, rows: 503, upload: 503 },
  { service: 'mongo', seconds: times(3, 60), ready: [200, 503], lists: 200, rows: 200, upload: 202 },
  { service: 'rabbitmq', seconds: times(3, 60), ready: [200, 503], lists: 200, rows: 200, upload: 202 },
  { service: 'redis', seconds: times(3, 60), ready: [200, 200], lists: 200, rows: 200, upload: 202 },
];

const health = (url: string | undefined, check: 'live' | 'ready'): Promise<Answer> =>
  new ApiClient(url ?? '').get(`/health/${check}`);

describe('an outage', () => {
  it.each(OUTAGES)(
    'L7, L11: of $service leaves alive what is alive, and stops no more than it must',
    async (outage) => {
      const { service, seconds } = outage;
      const datasetId = await emptyDataset(scene);
      const workload = new Workload(datasetId, `files without ${service}`, 50);
      await workload.upload(scene.api);
      await settled(scene.system);
      const urls = [scene.system.baseUrl, scene.system.workers[0]?.url];
      const isReadyAs = (expected: readonly number[]) => async () =>
        String(await Promise.all(urls.map(async (url) => (await health(url, 'ready')).status))) ===
        String(expected);
      const rows = () => scene.api.get(`/datasets/${datasetId}/rows?pageSize=${1 + ((asked += 1) % 99)}`);
      let asked = 0;
      await until('the api to be ready', isReadyAs([200, 200]));
      await rows();

      await control('stop', service);
      const pings: number[] = [];
      const flips: number[] = [];
      const statuses = new Set<number>();
      try {
        const stopped = Date.now();
        await until('readiness to say so', isReadyAs(outage.ready), FLIPS_WITHIN_MS);
        flips.push(Date.now() - stopped);
        const end = Date.now() + seconds * 1000;
        for (let round = 0; Date.now() < end; round += 1) {
          for (const url of urls) {
            const began = performance.now();
            expect((await health(url, 'live')).status).toBe(200);
            pings.push(performance.now() - began);
          }
          const seen = {
            lists: (await scene.api.get('/datasets?pageSize=5')).status,
            rows: (await rows()).status,
          };
          expect(seen).toEqual({ lists: outage.lists, rows: outage.rows });
          if (round % 5 === 0) statuses.add((await workload.upload(scene.api)).status);
          await sleep(PAUSE_MS);
        }
      } finally {
        await control('start', service);
      }
      const back = Date.now();
      expect([...statuses]).toEqual([outage.upload]);
      await until('readiness to come back', isReadyAs([200, 200]), FLIPS_WITHIN_MS);
      flips.push(Date.now() - back);
      for (const operation of workload.operations) {
        if (operation.outcome !== 'ok') await workload.repeat(scene.api, operation);
      }
      await settled(scene.system);
      await expectClean(scene.system, scene.api, datasetId, workload.operations);
      const median = pings.toSorted((a, b) => a - b)[Math.floor(pings.length / 2)] ?? 0;
      figure(
        'L7',
        `${seconds} s without ${service}: alive in ${pings.length} of ${pings.length} questions (median ${median.toFixed(1)} ms), ` +
          `readiness followed after ${flips.map((ms) => (ms / 1000).toFixed(1)).join(' and ')} s`,
      );
      figure(
        'L11',
        `${seconds} s without ${service}: every answer was as promised, ${workload.operations.length} uploads, none lost`,
      );
    },
  );
});
