import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, expectStatus, unique } from '../e2e/harness/index.js';
import { csvForm } from '../e2e/harness/uploads.js';
import {
  clock,
  emptyDataset,
  expectAgreement,
  figure,
  openScene,
  randomNumbers,
  repeat,
  type Scene,
  settled,
  startWorker,
  times,
} from './harness/index.js';

const ROWS = 40;
const READERS = 4;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.system.stop());

const version = (number: number): FormData => {
  const rows = Array.from({ length: ROWS }, (_, seq) => `v${number},${seq}\n`);
  return csvForm({ mode: 'replace' }, `version,seq\n${rows.join('')}`, `version-${number}.csv`);
};

/** Reads until told to stop. @returns how many reads there were, and those that were no whole version */
async function read(
  api: ApiClient,
  datasetId: string,
  ended: () => boolean,
): Promise<{ reads: number; torn: string[] }> {
  const torn: string[] = [];
  const path = `/datasets/${datasetId}/rows?pageSize=100&ordering=seq`;
  for (let reads = 0; ; reads += 1) {
    if (ended()) return { reads, torn };
    const { status, body, text } = await api.get(path);
    if (status !== 200) {
      torn.push(`${status} ${text}`);
      continue;
    }
    const versions = new Set(body.results.map((row: { version: string }) => row.version));
    const isWhole = body.count === ROWS && body.results.length === ROWS && versions.size === 1;
    if (!isWhole) torn.push(`${body.count} rows of ${[...versions].join(' and ')}`);
  }
}

describe('readers', () => {
  it('C1: see a dataset as it was or as it is, while files replace each other and workers are killed', async () => {
    const wanted = times(300, 100_000);
    const random = randomNumbers('C1');
    const datasetId = await emptyDataset(scene);
    let worker = await startWorker(scene);
    expectStatus(await scene.api.post(`/datasets/${datasetId}/uploads`, version(0)), 202);
    await settled(scene.system);

    const progress = { reads: 0, isOver: false };
    const readers = Array.from({ length: READERS }, () =>
      read(scene.api, datasetId, () => (progress.reads += 1) > wanted || progress.isOver),
    );
    let versions = 1;
    let kills = 0;
    const goesOn = clock();
    while (progress.reads <= wanted && goesOn()) {
      for (let burst = 0; burst < 4; burst += 1, versions += 1) {
        expectStatus(await scene.api.post(`/datasets/${datasetId}/uploads`, version(versions)), 202);
      }
      await sleep(200 + random() * 800);
      await worker.kill();
      kills += 1;
      worker = await startWorker(scene);
    }
    progress.isOver = true;
    const results = await Promise.all(readers);
    await settled(scene.system);
    await worker.kill();
    expect(results.flatMap(({ torn }) => torn)).toEqual([]);
    const { results: rows } = expectStatus(
      await scene.api.get(`/datasets/${datasetId}/rows?pageSize=100`),
      200,
    );
    expect(new Set(rows.map((row: { version: string }) => row.version))).toEqual(
      new Set([`v${versions - 1}`]),
    );
    await expectAgreement(scene.system);
    const reads = results.reduce((sum, result) => sum + result.reads, 0);
    figure(
      'C1',
      `0 torn of ${reads} reads while ${versions} files replaced each other and workers were killed ${kills} times`,
    );
  });

  it('C6: of 20 equal files at once exactly one is taken; another customer’s is its own', async () => {
    const other = await scene.system.make.tenant();
    const asked = { customerId: other.customerId, role: 'owner', name: unique('other') };
    const { key: otherKey } = expectStatus(await other.owner.api.post('/api-keys', asked), 201);
    const rounds = await repeat(times(2, 50), async (round) => {
      const datasetId = await emptyDataset(scene);
      const file = `a,b\n${unique('x')},${round}\n`;
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => scene.api.post(`/datasets/${datasetId}/uploads`, csvForm({}, file))),
      );
      const taken = answers.filter(({ status }) => status === 202);
      const refused = answers.filter(({ status }) => status === 409);
      expect([taken.length, refused.length]).toEqual([1, 19]);
      expect(new Set(refused.map(({ body }) => body.uploadId))).toEqual(new Set([taken[0]?.body.upload.id]));
      const foreign = csvForm({ customerId: other.customerId, name: unique('same bytes') }, file);
      expectStatus(await scene.system.api.as(otherKey).post('/datasets', foreign), 202);
    });
    await expectAgreement(scene.system);
    figure(
      'C6',
      `${rounds} rounds of 20 equal uploads at once: each time 1 taken and 19 refused with its id`,
    );
  });
});
