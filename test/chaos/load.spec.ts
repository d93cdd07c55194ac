import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type ApiClient, expectStatus, unique, until } from '../e2e/harness/index.js';
import { csvForm } from '../e2e/harness/uploads.js';
import {
  emptyDataset,
  expectAgreement,
  expectClean,
  figure,
  isFull,
  openScene,
  repeat,
  type Scene,
  settled,
  startWorker,
  times,
  Workload,
} from './harness/index.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.system.stop());

const MODEST_CLIENTS = 4;
const OVERLOAD = 10;
const GOODPUT = 0.8;
/** A few seconds on a machine with other work measure that machine: there only that the work goes on. */
const GOODPUT_IN_SHORT = 0.1;
const NORMAL_AGAIN_MS = 10_000;

interface Load {
  done: number;
  refused: number;
  /** Answers that are neither what was asked for nor a refusal with a time to come back. */
  wrong: string[];
}

const isRefusal = ({ status, headers }: Answer): boolean =>
  (status === 503 || status === 429) && Number(headers.get('retry-after')) >= 1;

let question = 0;
/** No two are equal, so that none is answered from the cache. */
const ask = (datasetId: string): Promise<Answer> =>
  scene.api.get(`/datasets/${datasetId}/rows?pageSize=50&filter[seq][gte]=${(question += 1) / 1000}`);

/** Clients that ask as fast as they are answered, and come back a moment after they were refused. */
async function drive(datasetId: string, clients: number, milliseconds: number): Promise<Load> {
  const load: Load = { done: 0, refused: 0, wrong: [] };
  const end = Date.now() + milliseconds;
  const client = async (): Promise<void> => {
    while (Date.now() < end) {
      const answer = await ask(datasetId);
      if (answer.status === 200) load.done += 1;
      else if (isRefusal(answer)) {
        load.refused += 1;
        await sleep(100);
      } else load.wrong.push(`${answer.status} ${answer.text}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return load;
}

const waits = async (datasetId: string): Promise<number[]> => {
  const { rows } = await scene.system.database.query(
    `SELECT extract(epoch FROM finished_at - created_at)::float AS seconds FROM tasks WHERE dataset_id = $1 ORDER BY created_at`,
    [datasetId],
  );
  return rows.map(({ seconds }: { seconds: number }) => seconds);
};

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

const p95 = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;

/** A customer with an empty dataset. */
async function newcomer(): Promise<{ api: ApiClient; datasetId: string }> {
  const { customerId, owner } = await scene.system.make.tenant();
  const asked = { customerId, role: 'owner', name: unique('load') };
  const { key } = expectStatus(await owner.api.post('/api-keys', asked), 201);
  const api = scene.system.api.as(key);
  return { api, datasetId: expectStatus(await api.post('/datasets', { customerId, name: 'load' }), 201).id };
}

describe('load', () => {
  it('L4: ten times too much is refused, what is taken is done at nearly the full rate, and then all is normal', async () => {
    const milliseconds = times(2000, 15_000);
    const rounds = times(1, 3);
    const datasetId = await emptyDataset(scene);
    const workload = new Workload(datasetId, 'L4 files', 20_000);
    const worker = await startWorker(scene);
    await workload.upload(scene.api);
    await settled(scene.system);
    await drive(datasetId, MODEST_CLIENTS, 1000);
    const [best, most]: [number[], number[]] = [[], []];
    let refused = 0;
    for (let round = 0; round < rounds; round += 1) {
      const modest = await drive(datasetId, MODEST_CLIENTS, milliseconds);
      expect({ refused: modest.refused, wrong: modest.wrong }).toEqual({ refused: 0, wrong: [] });
      best.push(modest.done);
      const load = drive(datasetId, MODEST_CLIENTS * OVERLOAD, milliseconds);
      await workload.upload(scene.api);
      const overload = await load;
      expect(overload.wrong).toEqual([]);
      expect(overload.refused).toBeGreaterThan(0);
      most.push(overload.done);
      refused += overload.refused;
    }
    await until(
      'everything to be normal',
      async () => (await ask(datasetId)).status === 200,
      NORMAL_AGAIN_MS,
    );
    for (const operation of workload.operations) {
      if (operation.outcome !== 'ok') await workload.repeat(scene.api, operation);
    }
    await settled(scene.system);
    await worker.kill();
    await expectClean(scene.system, scene.api, datasetId, workload.operations);
    const goodput = sum(most) / sum(best);
    expect(goodput).toBeGreaterThanOrEqual(isFull ? GOODPUT : GOODPUT_IN_SHORT);
    figure(
      'L4',
      `${OVERLOAD} times the clients of ${MODEST_CLIENTS}: ${sum(most)} answers and ${refused} refusals, ` +
        `${(100 * goodput).toFixed(0)} % of the ${sum(best)} answers without the overload`,
    );
  });

  it('L5: a thousand waiting tasks of one customer delay the first of another hardly', async () => {
    const count = times(4, 20);
    const few = await newcomer();
    let file = 0;
    const one = async (): Promise<void> => {
      const form = csvForm({}, `a,b\n${unique('few')},${(file += 1)}\n`);
      expectStatus(await few.api.post(`/datasets/${few.datasetId}/uploads`, form), 202);
      await until('it to be read', async () =>
        (await waits(few.datasetId)).every((seconds) => seconds !== null),
      );
    };
    let worker = await startWorker(scene);
    await one();
    for (let n = 0; n < count; n += 1) await one();
    await worker.kill();
    const many = await newcomer();
    const order = async (n: number): Promise<void> => {
      const form = csvForm({}, `a,b\n${unique('many')},${n}\n`);
      expectStatus(await many.api.post(`/datasets/${many.datasetId}/uploads`, form), 202);
    };
    const crowd = await repeat(times(60, 1000), order, MODEST_CLIENTS);
    worker = await startWorker(scene);
    await until('the crowd to be worked on', async () =>
      (await waits(many.datasetId)).some((seconds) => seconds !== null),
    );
    for (let n = 0; n < count; n += 1) await one();
    const left = (await waits(many.datasetId)).filter((seconds) => seconds === null).length;
    const seconds = (await waits(few.datasetId)).slice(1);
    const [alone, amid] = [p95(seconds.slice(0, count)), p95(seconds.slice(count))];
    const { rows } = await scene.system.database.query(
      `SELECT max((SELECT count(*) FROM tasks other WHERE other.dataset_id = $2
          AND other.started_at BETWEEN task.created_at AND task.started_at))::int AS most
         FROM tasks task WHERE task.dataset_id = $1`,
      [few.datasetId, many.datasetId],
    );
    // The one that runs when it comes, and none before it: that one's end is what it waits for.
    expect(rows[0].most).toBeLessThanOrEqual(1);
    await settled(scene.system, 600_000);
    await worker.kill();
    await expectAgreement(scene.system);
    figure(
      'L5',
      `with ${crowd} tasks of another customer before it (${left} still waiting at the end), a task is done after ${amid.toFixed(2)} s ` +
        `(p95 of ${count}) instead of ${alone.toFixed(2)} s: ${(amid / alone).toFixed(1)} times`,
    );
  });
});
