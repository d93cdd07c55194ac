import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { csvForm, ready, startDataset } from './harness/uploads.js';
import type { JsonBody } from './harness/api-client.js';

const ROWS = 2500;
const COUNTRIES = ['France', 'Spain', ''];

let system: System;
let tenant: Tenant;
let datasetId: string;

const record = (i: number): string =>
  `${i},${COUNTRIES[i % 3]},${(i % 100) - 10}.5,2011-01-${String((i % 28) + 1).padStart(2, '0')},p${i}\n`;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const records = Array.from({ length: ROWS }, (_, i) => record(i));
  const { dataset, upload } = await startDataset(
    tenant.analyst,
    tenant,
    `n,Country,"Price, net",Day,__proto__\n${records.join('')}`,
  );
  datasetId = dataset.id;
  await ready(tenant.viewer.api, upload.id);
});
afterAll(() => system.stop());

const ask = (query = '') => tenant.viewer.api.get(`/datasets/${datasetId}/rows${query}`);
const rows = async (query = ''): Promise<JsonBody> => expectStatus(await ask(query), 200);
const numbers = (page: JsonBody): number[] => page.results.map(({ n }: { n: number }) => n);

describe('rows of a dataset', () => {
  it('come in the order of the file, page by page to the last', async () => {
    const first = await rows();
    expect(first.count).toBe(ROWS);
    expect(numbers(first)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(first.previous).toBeNull();
    let page = await rows('?pageSize=1000');
    const seen = [...numbers(page)];
    while (page.next !== null) {
      page = expectStatus(await tenant.viewer.api.get(page.next), 200);
      seen.push(...numbers(page));
    }
    expect(seen).toEqual(Array.from({ length: ROWS }, (_, i) => i));
    expect((await rows('?page=9999')).results).toEqual([]);
  });

  it('hold numbers as numbers, dates as ISO 8601, missing values as null', async () => {
    const { results } = await rows('?pageSize=3');
    expect(results[2]).toMatchObject({ n: 2, Country: null, 'Price, net': -8.5, Day: '2011-01-03' });
    expect(Object.keys(results[0])).toContain('__proto__');
  });

  it.each([
    ['filter[Country]=France', (i: number) => i % 3 === 0],
    ['filter[Country][ne]=France', (i: number) => i % 3 !== 0],
    ['filter[Country][isnull]=true', (i: number) => i % 3 === 2],
    ['filter[Country][in]=France,Spain', (i: number) => i % 3 !== 2],
    ['filter[n][gte]=2400', (i: number) => i >= 2400],
    ['filter[n][lt]=7', (i: number) => i < 7],
    ['filter[n][gt]=7&filter[n][lte]=9', (i: number) => i > 7 && i <= 9],
    ['filter[Price%2C%20net][gte]=89', (i: number) => (i % 100) - 10 + 0.5 >= 89],
    ['filter[Day][gt]=2011-01-27', (i: number) => (i % 28) + 1 > 27],
    ['filter[__proto__]=p77', (i: number) => i === 77],
    ['filter[__proto__][contains]=p24', (i: number) => String(i).startsWith('24')],
  ])('are filtered by %s', async (filter, matches) => {
    const expected = Array.from({ length: ROWS }, (_, i) => i).filter(matches);
    const page = await rows(`?pageSize=1000&${filter}`);
    expect(page.count).toBe(expected.length);
    expect(numbers(page)).toEqual(expected.slice(0, 1000));
  });

  it('are ordered, ties in the order of the file', async () => {
    const page = await rows('?pageSize=3&ordering=-Price%2C%20net,-n');
    expect(numbers(page)).toEqual([2499, 2399, 2299]);
    expect(numbers(await rows('?pageSize=3&ordering=-Price%2C%20net'))).toEqual([99, 199, 299]);
  });

  it('show the columns that are asked for', async () => {
    const { results } = await rows('?pageSize=1&columns=Day,n');
    expect(Object.keys(results[0])).toEqual(['Day', 'n']);
  });

  it.each([
    'filter[Nowhere]=1',
    'filter[n]=many',
    'filter[n][like]=1',
    'columns=Nowhere',
    'ordering=Nowhere',
    'page=0',
    'limit=3',
  ])('refuse %s with 400', async (query) => {
    expect(await ask(`?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  });

  it('do not take filter values for SQL', async () => {
    expect((await rows(`?filter[Country]=${encodeURIComponent("x' OR 1=1 --")}`)).count).toBe(0);
  });

  it('are answered from the cache the second time, and anew once the data changed', async () => {
    expect((await ask('?filter[n]=5')).headers.get('x-cache')).toBe('miss');
    const again = await ask('?filter[n]=5');
    expect(again.headers.get('x-cache')).toBe('hit');
    expect(again.body.count).toBe(1);
    const form = csvForm({}, `n,Country,"Price, net",Day,__proto__\n5,Malta,1,2011-01-01,again\n`);
    const { upload } = expectStatus(
      await tenant.analyst.api.post(`/datasets/${datasetId}/uploads`, form),
      202,
    );
    await ready(tenant.viewer.api, upload.id);
    const after = await ask('?filter[n]=5');
    expect(after.headers.get('x-cache')).toBe('miss');
    expect(after.body.count).toBe(2);
  });
});
