import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../fixtures/zip/zip-files.js';
import type { JsonBody } from './harness/api-client.js';
import { DropFolder, pulled } from './harness/folders.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';

const PEOPLE = join(process.env['TEST_DATA_DIR'] || '.', 'people-bundle.zip');
const DAY_MS = 86_400_000;

let system: System;
let tenant: Tenant;
let folder: DropFolder;
let out: DropFolder;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
});
afterAll(() => system.stop());
beforeEach(async () => {
  tenant = await system.make.tenant();
  folder = new DropFolder(system);
  out = new DropFolder(system);
});

interface Person {
  id: number;
  birth: string;
  image: boolean;
}

const bundleOf = (people: readonly Person[]): Buffer =>
  zipOf(
    Object.fromEntries(
      people.flatMap(({ id, birth, image }): [string, string][] => [
        [`people/${id}.csv`, `first_name, last_name, birthts\nAnn${id}, Lee, ${Date.parse(birth)}\n`],
        ...(image ? ([[`people/${id}.png`, `image ${id}`]] as [string, string][]) : []),
        [`__MACOSX/people/._${id}.csv`, 'junk'],
      ]),
    ),
  );

const newSource = async (): Promise<JsonBody> =>
  expectStatus(
    await tenant.analyst.api.post('/sources', {
      customerId: tenant.customerId,
      kind: 'folder',
      prefix: folder.name,
      bundle: { idColumn: 'user_id', imageColumn: 'is_image_exists', imagePathColumn: 'img_path' },
      publishTo: { prefix: out.name },
    }),
    201,
  );
const pull = (source: JsonBody): Promise<JsonBody> => pulled(tenant.analyst, source.id);
const get = async ({ datasetId }: JsonBody, question: string): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${datasetId}/${question}`), 200);
const output = (): string[] => readFileSync(join(out.path, 'output.csv'), 'utf8').trimEnd().split('\r\n');

const PEOPLE_OF_THREE: Person[] = [
  { id: 1000, birth: '2000-06-15', image: true },
  { id: 1001, birth: '1990-01-01', image: false },
  { id: 1002, birth: '1960-12-31', image: true },
];

describe('a bundle of one file a person', () => {
  it('gives one dataset of shoppers by one call; it is pulled every 55 minutes and mirrored', async () => {
    const source = await newSource();
    expect(source).toMatchObject({ schedule: 'every 55m', mode: 'mirror', keyColumns: ['user_id'] });
    await folder.put('people.zip', bundleOf(PEOPLE_OF_THREE));
    expect(await pull(source)).toMatchObject({
      status: 'succeeded',
      counts: { taken: 1, images: 2 },
      output: { bucket: null, key: `${out.name}/output.csv`, rowCount: 3 },
    });
    expect(await get(source, '')).toMatchObject({ kind: 'shoppers', rowCount: 3 });
    const { results } = await get(source, 'rows?asOf=2026-06-15');
    expect(results[0]).toEqual({
      user_id: 1000,
      first_name: 'Ann1000',
      last_name: 'Lee',
      birthts: Date.parse('2000-06-15'),
      is_image_exists: true,
      img_path: 'people.zip/people/1000.png',
      age: 26,
    });
    expect(results[1]).toMatchObject({ is_image_exists: false, img_path: null, age: 36 });
    expect(output()).toEqual([
      'user_id,first_name,last_name,birthts,img_path',
      `1000,Ann1000,Lee,${Date.parse('2000-06-15')},people.zip/people/1000.png`,
      `1001,Ann1001,Lee,${Date.parse('1990-01-01')},`,
      `1002,Ann1002,Lee,${Date.parse('1960-12-31')},people.zip/people/1002.png`,
    ]);
  });

  it('tells ages in whole years at the time of the question, in rows, stats and values, and keeps none', async () => {
    const source = await newSource();
    await folder.put('people.zip', bundleOf(PEOPLE_OF_THREE));
    await pull(source);
    const ages = async (asOf: string): Promise<number[]> =>
      (await get(source, `rows?asOf=${asOf}`)).results.map(({ age }: JsonBody) => age);
    expect(await ages('2026-06-14')).toEqual([25, 36, 65]);
    expect(await ages('2026-06-15T00:00:00Z')).toEqual([26, 36, 65]);
    expect(await ages('2026-12-31')).toEqual([26, 36, 66]);
    const today = (await get(source, 'rows')).results.map(({ age }: JsonBody) => age);
    expect(today[0]).toBe(Math.floor((Date.now() - Date.parse('2000-06-15')) / (365.25 * DAY_MS)));
    const asked = 'filter[age][gte]=30&filter[is_image_exists]=true&asOf=2026-06-15';
    expect((await get(source, `rows?${asked}`)).results).toMatchObject([{ user_id: 1002, age: 65 }]);
    expect(await get(source, `stats?column=age&${asked}`)).toMatchObject({
      count: 1,
      columns: { age: { count: 1, mean: 65, min: 65 } },
    });
    expect(await get(source, `stats?column=age&filter[age][gt]=99`)).toMatchObject({
      count: 0,
      columns: {},
      message: 'Filter returned no objects',
    });
    expect((await get(source, 'values?column=age&asOf=2026-06-15&ordering=value')).results).toHaveLength(3);
    expect((await get(source, '')).columns.map(({ name }: JsonBody) => name)).not.toContain('age');
    const csv = await tenant.viewer.api.get(`/datasets/${source.datasetId}/export?${asked}`);
    expect(csv.text.split('\r\n')[0]).toBe('user_id,first_name,last_name,birthts,is_image_exists,img_path');
    for (const bad of ['filter[age][gte]=abc', 'asOf=yesterday', 'filter[is_image_exists]=maybe']) {
      const answer = await tenant.viewer.api.get(`/datasets/${source.datasetId}/stats?${bad}`);
      expect(answer.status).toBe(400);
    }
  });

  it('follows its bundle: who is missing goes, who changed changes; a broken one changes nothing', async () => {
    const source = await newSource();
    await folder.put('people.zip', bundleOf(PEOPLE_OF_THREE));
    await pull(source);
    const next = [
      PEOPLE_OF_THREE[1],
      { id: 1000, birth: '2001-01-01', image: false },
      { id: 1003, birth: '1980-05-05', image: true },
    ];
    await folder.put('people.zip', bundleOf(next as Person[]));
    expect((await pull(source)).status).toBe('succeeded');
    const ids = async (): Promise<number[]> =>
      (await get(source, 'rows')).results.map((row: JsonBody) => row['user_id']);
    expect(await ids()).toEqual([1000, 1001, 1003]);
    expect((await get(source, 'rows?filter[user_id]=1000')).results).toMatchObject([
      { birthts: Date.parse('2001-01-01'), is_image_exists: false },
    ]);
    await folder.put('people.zip', bundleOf(PEOPLE_OF_THREE).subarray(0, 400));
    expect(await pull(source)).toMatchObject({ status: 'failed', error: { code: 'archive_rejected' } });
    await folder.put('people.zip', zipOf({ '1.csv': 'first_name\nAnn\nBob\n' }));
    expect(await pull(source)).toMatchObject({ status: 'failed', error: { code: 'unprocessable' } });
    expect(await ids()).toEqual([1000, 1001, 1003]);
    expect(output()).toHaveLength(4);
  });

  it('takes all bundles that came together, not only the last', async () => {
    const source = await newSource();
    await folder.put('a.zip', bundleOf(PEOPLE_OF_THREE.slice(0, 1)));
    await folder.put('b.zip', bundleOf(PEOPLE_OF_THREE.slice(1)));
    expect((await pull(source)).counts).toMatchObject({ taken: 2 });
    expect((await get(source, 'rows')).count).toBe(3);
  });

  it.skipIf(!existsSync(PEOPLE))('criterion 35: the people of the original system', async () => {
    const source = await newSource();
    await folder.put('source.zip', readFileSync(PEOPLE));
    expect(await pull(source)).toMatchObject({ status: 'succeeded', counts: { images: 94 } });
    expect(await get(source, '')).toMatchObject({ rowCount: 100, kind: 'shoppers' });
    const all = await get(source, 'stats?column=birthts');
    expect(all).toMatchObject({
      count: 100,
      columns: { birthts: { mean: 720_195_624_000, min: 334_702_800_000, max: 1_090_094_400_000 } },
    });
    expect((await get(source, 'stats?column=birthts&filter[is_image_exists]=true')).count).toBe(94);
    expect((await get(source, 'stats?column=birthts&filter[is_image_exists]=false')).count).toBe(6);
    expect(output()).toHaveLength(101);
  });
});
