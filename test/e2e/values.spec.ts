import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { counted } from './harness/figures.js';
import type { JsonBody } from './harness/api-client.js';
import { noticeClosedConnections, tableOf } from './harness/table.js';
import { onlineRetail, ready, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;
let datasetId: string;
let rows: Record<string, string>[];

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const { csv } = onlineRetail();
  rows = await tableOf(csv);
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, csv);
  datasetId = dataset.id;
  await ready(tenant.viewer.api, upload.id);
});
afterEach(noticeClosedConnections);
afterAll(() => system.stop());

const ask = (query: string): Promise<Answer> =>
  tenant.viewer.api.get(`/datasets/${datasetId}/values?${query}`);
const values = async (query: string): Promise<JsonBody> => expectStatus(await ask(query), 200);
const pairs = ({ results }: JsonBody): [string, number][] =>
  results.map(({ value, count }: JsonBody) => [value, count]);
const countries = (some = rows): [string, number][] => counted(some.map(({ Country = '' }) => Country));

describe('values of a column', () => {
  it('come with their counts, the most frequent first, page by page', async () => {
    const first = await values('column=Country&pageSize=5');
    expect(first.count).toBe(countries().length);
    expect(first.previous).toBeNull();
    const seen = pairs(first);
    for (let { next } = first; next !== null;) {
      const page = expectStatus(await tenant.viewer.api.get(next.replace('/api/v1', '')), 200);
      seen.push(...pairs(page));
      next = page.next;
    }
    expect(seen).toEqual(countries());
  });

  it('are those of the rows that filters leave, which makes them a cascade', async () => {
    const codes = rows.filter(({ Country }) => Country === 'France').map(({ StockCode = '' }) => StockCode);
    const { results, count } = await values('column=StockCode&filter[Country]=France');
    expect(count).toBe(new Set(codes).size);
    expect(results).toEqual(
      counted(codes)
        .slice(0, 20)
        .map(([value, times]) => ({ value, count: times })),
    );
  });

  it('are searched whatever the case', async () => {
    const found = await values('column=Country&search=LAND&pageSize=100');
    expect(pairs(found)).toEqual(countries().filter(([name]) => name.toLowerCase().includes('land')));
    expect((await values('column=Country&search=%25')).count).toBe(0);
  });

  it('can be ordered by value', async () => {
    const names = countries().map(([name]) => name);
    const shown = pairs(await values('column=Country&ordering=-value&pageSize=100')).map(([name]) => name);
    expect(shown).toEqual(names.sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a))));
    const [[, least] = []] = pairs(await values('column=Country&ordering=count&pageSize=1'));
    expect(least).toBe(countries().at(-1)?.[1]);
  });

  it('have the type of their column; a missing one is null', async () => {
    const { results } = await values('column=CustomerID&pageSize=100');
    const [[, most] = []] = counted(rows.map(({ CustomerID = '' }) => CustomerID));
    expect(results[0].count).toBe(most);
    const missing = rows.filter(({ CustomerID }) => CustomerID === '').length;
    expect(results.find(({ value }: JsonBody) => value === null)?.count).toBe(missing);
    expect(typeof results.find(({ value }: JsonBody) => value !== null).value).toBe('number');
    const prices = await values('column=UnitPrice&search=2.5&pageSize=100');
    expect(prices.count).toBe(
      new Set(rows.map(({ UnitPrice }) => Number(UnitPrice)).filter((price) => `${price}`.includes('2.5')))
        .size,
    );
    const days = await values('column=InvoiceDate&search=2010-12-01T08:26:00Z');
    expect(days.count).toBe(rows.some(({ InvoiceDate }) => InvoiceDate === '12/1/2010 8:26') ? 1 : 0);
  });

  it.each([
    '',
    'column=Nowhere',
    'column=Country&ordering=size',
    'column=Country&filter[Quantity]=x',
    'column=Country&column=StockCode',
  ])('refuse "%s" with 400', async (query) => {
    expect(await ask(query)).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  });

  it('are kept for the next who asks', async () => {
    expect((await ask('column=Description&pageSize=3')).headers.get('x-cache')).toBe('miss');
    expect((await ask('pageSize=3&column=Description')).headers.get('x-cache')).toBe('hit');
  });
});
