import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { DropFolder, finishedTask, pulled } from './harness/folders.js';
import {
  type Answer,
  expectStatus,
  startSystem,
  type System,
  type Tenant,
  unique,
  until,
} from './harness/index.js';
import { zipOf } from '../fixtures/zip/zip-files.js';

let system: System;
let tenant: Tenant;
let folder: DropFolder;

beforeAll(async () => {
  system = await startSystem({ workers: 2 });
  tenant = await system.make.tenant();
});
afterAll(() => system.stop());
beforeEach(() => {
  folder = new DropFolder(system);
});

const create = (body: JsonBody = {}): Promise<Answer> =>
  tenant.analyst.api.post('/sources', {
    customerId: tenant.customerId,
    kind: 'folder',
    prefix: folder.name,
    ...body,
  });
const newSource = async (body: JsonBody = {}): Promise<JsonBody> => expectStatus(await create(body), 201);
const pull = (source: JsonBody): Promise<JsonBody> => pulled(tenant.analyst, source.id);
const rowsOf = async ({ datasetId }: JsonBody, query = ''): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/rows?pageSize=1000${query}`), 200);
const keys = (objects: { key: string }[]): string[] => objects.map(({ key }) => key);
/** Rows that no other file of the customer has. */
const table = (...ids: number[]): string =>
  `id,note\n${ids.map((id) => `${id},${unique('note')}\n`).join('')}`;

describe('a source', () => {
  it('is shown as it was made, with its dataset and its next time', async () => {
    const made = await create({ schedule: 'every 55m', timezone: 'Europe/Berlin', name: 'Till rolls' });
    const source = expectStatus(made, 201);
    expect(made.headers.get('location')).toBe(`/api/v1/sources/${source.id}`);
    expect(source).toMatchObject({
      customerId: tenant.customerId,
      name: 'Till rolls',
      kind: 'folder',
      bucket: null,
      prefix: folder.name,
      pattern: '**',
      schedule: 'every 55m',
      timezone: 'Europe/Berlin',
      mode: 'append',
      keyColumns: [],
      bundle: null,
      publishTo: null,
      paused: false,
      lastRun: null,
    });
    const minutes = (Date.parse(source.nextAt) - Date.parse(source.createdAt)) / 60_000;
    expect(minutes).toBeCloseTo(55, 0);
    expect(expectStatus(await tenant.viewer.api.get(`/datasets/${source.datasetId}`), 200).name).toBe(
      'Till rolls',
    );
    const path = `/sources/${source.id}`;
    expect(expectStatus(await tenant.viewer.api.get(path), 200)).toEqual(source);
    const paused = expectStatus(await tenant.analyst.api.patch(path, { paused: true }), 200);
    expect(paused).toMatchObject({ paused: true, nextAt: null });
    const listed = await tenant.viewer.api.get(`/sources?customerId=${tenant.customerId}&search=till`);
    expect(keys(expectStatus(listed, 200).results.map(({ id }: JsonBody) => ({ key: id })))).toEqual([
      source.id,
    ]);
    expectStatus(await tenant.analyst.api.delete(path), 204);
    expectStatus(await tenant.viewer.api.get(path), 404);
    expectStatus(await tenant.viewer.api.get(`/datasets/${source.datasetId}`), 200);
  });

  it.each([
    ['prefix', { prefix: '../..' }],
    ['prefix', { prefix: '/etc' }],
    ['schedule', { schedule: 'every 9s' }],
    ['schedule', { schedule: '* * * *' }],
    ['timezone', { timezone: 'Mars/Olympus' }],
    ['keyColumns', { mode: 'mirror' }],
    ['keyColumns', { keyColumns: ['id'] }],
    ['bucket', { kind: 's3' }],
    ['bucket', { bucket: 'some-bucket' }],
    ['publishTo.prefix', { publishTo: { prefix: '../elsewhere' } }],
    ['pattern', { pattern: '{a,b}'.repeat(7) }],
  ])('with a wrong %s is refused: %j', async (field, body) => {
    const { fields } = expectStatus(await create(body), 400);
    expect(Object.keys(fields)).toEqual([field]);
  });

  it('takes every file once: .csv, .csv.gz and .zip, and says what it skipped', async () => {
    const source = await newSource();
    await folder.put('2026/a.csv', table(1, 2));
    await folder.put('b.csv.gz', gzipSync(table(3)));
    const files = { 'x/c.csv': table(4), 'd.csv': table(5), 'e.png': 'image', '__MACOSX/._d.csv': 'junk' };
    await folder.put('c.zip', zipOf(files));
    await folder.put('notes.txt', 'not for machines');
    await folder.put('.hidden.csv', table(9));
    const run = await pull(source);
    expect(run).toMatchObject({
      sourceId: source.id,
      status: 'succeeded',
      trigger: 'request',
      counts: { found: 4, taken: 3, unchanged: 0, skipped: 1, removed: 0, images: 1 },
      skipped: [{ key: 'notes.txt', reason: 'unsupported_media_type' }],
    });
    expect(keys(run.taken)).toEqual(['2026/a.csv', 'b.csv.gz', 'c.zip']);
    expect(run.taken[2]).toMatchObject({ images: 1, uploadIds: [expect.any(String), expect.any(String)] });
    expect((await rowsOf(source)).results.map(({ id }: JsonBody) => id).toSorted()).toEqual([1, 2, 3, 4, 5]);
    const again = await pull(source);
    expect(again).toMatchObject({ counts: { found: 4, taken: 0, unchanged: 4, skipped: 0 }, taken: [] });
    expect((await rowsOf(source)).count).toBe(5);
  });

  it('takes what changed and what is new, and tells what is gone', async () => {
    const source = await newSource({ pattern: '*.csv', mode: 'upsert', keyColumns: ['id'] });
    for (let id = 0; id < 20; id += 1) await folder.put(`${id}.csv`, table(id));
    expect((await pull(source)).counts).toMatchObject({ found: 20, taken: 20 });
    await folder.put('7.csv', 'id,note\n7,changed\n');
    await folder.put('20.csv', table(20));
    await folder.remove('3.csv');
    const run = await pull(source);
    expect(run.counts).toMatchObject({ found: 20, taken: 2, unchanged: 18, skipped: 0, removed: 1 });
    expect(keys(run.taken)).toEqual(['20.csv', '7.csv']);
    expect(run.removed).toEqual(['3.csv']);
    const rows = await rowsOf(source, '&filter[id]=7');
    expect(rows.results).toEqual([{ id: 7, note: 'changed' }]);
    expect((await rowsOf(source)).count).toBe(21);
  });

  it('skips what is there already under another name', async () => {
    const source = await newSource();
    const content = table(1);
    await folder.put('a.csv', content);
    await pull(source);
    await folder.put('b.csv', content);
    expect(await pull(source)).toMatchObject({
      status: 'succeeded',
      taken: [],
      skipped: [{ key: 'b.csv', reason: 'duplicate' }],
    });
  });

  it('fails where it took nothing of what came, with the reason; good files beside are taken', async () => {
    const source = await newSource();
    await folder.put('broken.csv', 'id,note\n');
    const failed = await pull(source);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });
    await folder.put('broken.zip', 'PK\u0003\u0004 no archive');
    await folder.put('good.csv', table(1));
    expect(await pull(source)).toMatchObject({
      status: 'succeeded',
      taken: [{ key: 'good.csv' }],
      skipped: [{ key: 'broken.zip', reason: 'archive_rejected' }],
    });
  });

  it('that is not there fails and says so', async () => {
    const run = await pull(await newSource());
    expect(run).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('folder') } });
  });

  it('mirrors: rows that no file has go, and a run that fails removes nothing', async () => {
    const source = await newSource({ mode: 'mirror', keyColumns: ['id'] });
    await folder.put('a.csv', table(1, 2));
    await folder.put('b.csv', table(3));
    expect((await pull(source)).counts).toMatchObject({ taken: 2 });
    expect((await rowsOf(source)).count).toBe(3);
    await folder.put('a.csv', table(1));
    await folder.put('bad.csv', '');
    expect((await pull(source)).status).toBe('failed');
    expect((await rowsOf(source)).count).toBe(3);
    await folder.remove('bad.csv');
    expect((await pull(source)).status).toBe('succeeded');
    expect((await rowsOf(source)).results.map(({ id }: JsonBody) => id)).toEqual([1, 3]);
    await folder.remove('b.csv');
    expect(await pull(source)).toMatchObject({ removed: ['b.csv'], counts: { taken: 0, removed: 1 } });
    expect((await rowsOf(source)).results.map(({ id }: JsonBody) => id)).toEqual([1]);
  });

  it('begins by itself at its times, counted from the last start', async () => {
    const source = await newSource({ schedule: 'every 10s' });
    await folder.put('a.csv', table(1));
    const runs = await until('a run by itself', async () => {
      const { results } = expectStatus(await tenant.viewer.api.get(`/sources/${source.id}/runs`), 200);
      return results.some(({ status }: JsonBody) => status === 'succeeded') && results;
    });
    expect(runs.at(-1)).toMatchObject({ trigger: 'schedule', taken: [{ key: 'a.csv' }] });
    expectStatus(await tenant.analyst.api.delete(`/sources/${source.id}`), 204);
  });

  it('never overlaps itself: whoever asks while it runs is given that run', async () => {
    const source = await newSource();
    for (let id = 0; id < 30; id += 1) await folder.put(`${id}.csv`, table(id));
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => tenant.analyst.api.post(`/sources/${source.id}/sync`)),
    );
    const tasks = new Set(asked.map((answer) => expectStatus(answer, 202).task.id));
    for (const id of tasks) await finishedTask(tenant.analyst, id);
    const { results } = expectStatus(await tenant.viewer.api.get(`/sources/${source.id}/runs`), 200);
    expect(results).toHaveLength(tasks.size);
    const times = results
      .map(({ startedAt, finishedAt }: JsonBody) => [Date.parse(startedAt), Date.parse(finishedAt)])
      .toSorted(([a]: number[], [b]: number[]) => (a ?? 0) - (b ?? 0));
    const overlaps = times.filter(
      (time: number[], at: number) => at > 0 && Number(time[0]) < times[at - 1][1],
    );
    expect(overlaps).toEqual([]);
    expect((await rowsOf(source)).count).toBe(30);
  });

  it('is nobody else’s', async () => {
    const source = await newSource();
    const stranger = await system.make.tenant();
    const path = `/sources/${source.id}`;
    expect((await stranger.owner.api.get(path)).status).toBe(404);
    expect((await stranger.owner.api.get(`${path}/runs`)).status).toBe(404);
    expect((await stranger.owner.api.post(`${path}/sync`)).status).toBe(404);
    expect((await tenant.viewer.api.post(`${path}/sync`)).status).toBe(403);
  });
});
