import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, expectStatus, unique } from '../e2e/harness/index.js';
import { csvForm, ready } from '../e2e/harness/uploads.js';
import {
  anotherApi,
  control,
  expectAgreement,
  figure,
  openScene,
  randomNumbers,
  repeat,
  type Scene,
  times,
} from './harness/index.js';

const READS_A_CHANGE = 80;
const LANES = 4;
const CUSTOMERS = 2;

let scene: Scene;
let apis: { url: string; kill: () => Promise<void> }[];
beforeAll(async () => {
  scene = await openScene({ workers: 1 });
  const { process, url } = await anotherApi(scene);
  apis = [
    { url: scene.system.baseUrl, kill: async () => undefined },
    { url, kill: () => process.kill() },
  ];
});
afterAll(async () => {
  for (const { kill } of apis) await kill();
  await scene.system.stop();
});

/** A customer's dataset and its uploads that are there, in order, each a row with a word of its own. */
interface Shelf {
  key: string;
  datasetId: string;
  uploads: { id: string; word: string; mode: string }[];
}

async function openShelf(): Promise<Shelf> {
  const { customerId, owner } = await scene.system.make.tenant();
  const asked = { customerId, role: 'owner', name: unique('answers') };
  const { key } = expectStatus(await owner.api.post('/api-keys', asked), 201);
  const api = scene.system.api.as(key);
  const datasetId = expectStatus(await api.post('/datasets', { customerId, name: 'shelf' }), 201).id;
  return { key, datasetId, uploads: [] };
}

async function change(shelf: Shelf, random: () => number): Promise<void> {
  const api = scene.system.api.as(shelf.key);
  const kind =
    shelf.uploads.length === 0 ? 'append' : ['append', 'replace', 'undo'][Math.floor(random() * 3)];
  if (kind === 'undo') {
    const [undone] = shelf.uploads.splice(Math.floor(random() * shelf.uploads.length), 1);
    expectStatus(await api.delete(`/uploads/${undone?.id}`), 204);
    return;
  }
  const mode = kind ?? 'append';
  const word = unique('word');
  const form = csvForm({ mode }, `word,n\n${word},1\n`);
  const { id } = expectStatus(await api.post(`/datasets/${shelf.datasetId}/uploads`, form), 202).upload;
  await ready(api, id);
  shelf.uploads.push({ id, word, mode });
}

/** What a dataset has to show: what a replacement hid comes back when it is undone. */
function shown({ uploads }: Shelf): string[] {
  const last = uploads.findLastIndex(({ mode }) => mode === 'replace');
  return uploads.slice(Math.max(0, last)).map(({ word }) => word);
}

/** What is wrong with an answer of one of the apis to a customer who asks for a dataset; undefined if nothing is. */
async function fault(url: string, asking: Shelf, asked: Shelf): Promise<string | undefined> {
  const { status, body } = await new ApiClient(url, asking.key).get(
    `/datasets/${asked.datasetId}/rows?pageSize=100`,
  );
  if (asking !== asked) return status === 404 ? undefined : `foreign: ${status}`;
  const seen = status === 200 ? body.results.map((row: { word: string }) => row.word) : [status];
  const expected = shown(asked);
  return String(seen) === String(expected) ? undefined : `stale: ${seen} for ${expected.join()}`;
}

describe('answers', () => {
  it('C12: are never of data that was replaced or undone, nor of another customer, with Redis and without', async () => {
    const reads = times(600, 10_000);
    const random = randomNumbers('C12');
    const shelves: Shelf[] = [];
    while (shelves.length < CUSTOMERS) shelves.push(await openShelf());
    const changes = Math.ceil(reads / READS_A_CHANGE);
    const withoutRedis = Math.floor(changes / 3);
    const hasRedis = scene.system.environment['REDIS_URL'] !== undefined;
    const faults: string[] = [];
    let made = 0;
    const rounds = await repeat(changes, async (round) => {
      if (hasRedis && round === withoutRedis) await control('stop', 'redis');
      if (hasRedis && round === 2 * withoutRedis) await control('start', 'redis');
      const shelf = shelves[Math.floor(random() * CUSTOMERS)] as Shelf;
      await change(shelf, random);
      const read = async (): Promise<void> => {
        const { url } = apis[Math.floor(random() * apis.length)] as { url: string };
        const asking = shelves[Math.floor(random() * CUSTOMERS)] as Shelf;
        const asked = random() < 0.2 ? (shelves[Math.floor(random() * CUSTOMERS)] as Shelf) : asking;
        const wrong = await fault(url, asking, asked);
        made += 1;
        if (wrong !== undefined) faults.push(wrong);
      };
      await Promise.all(Array.from({ length: LANES }, () => repeat(READS_A_CHANGE / LANES, read)));
    });
    if (hasRedis) await control('start', 'redis');
    expect(faults).toEqual([]);
    await expectAgreement(scene.system);
    figure(
      'C12',
      `${made} reads by ${CUSTOMERS} customers from ${apis.length} apis after ${rounds} changes, Redis away for a third of them: ` +
        `0 stale, 0 of another customer`,
    );
  });
});
