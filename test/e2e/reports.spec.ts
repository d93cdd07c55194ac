import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { type Habits, habitsOf } from './harness/habits.js';
import { finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

const FIGURES = JSON.parse(
  readFileSync(
    fileURLToPath(new URL('../fixtures/online-retail-sample/figures.json', import.meta.url)),
    'utf8',
  ),
) as { asOf: string; cleanRows: number; cleanShoppers: number; cleanRevenue: number; rows: number };

let system: System;
let tenant: Tenant;
let datasetId: string;
let report: JsonBody;
let task: JsonBody;
let expected: Map<string, Habits>;

const ask = (body: object = {}, by = tenant.analyst) =>
  by.api.post('/reports', { customerId: tenant.customerId, ...body });

const finished = (id: string, by = tenant.viewer): Promise<JsonBody> => finishedReport(by.api, id);

/** Lines of a CSV file. */
const records = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

/** Orders of all shoppers of a report. */
const orders = (made: JsonBody): number =>
  made.segments.reduce((sum: number, { size, centroid }: JsonBody) => sum + size * centroid.frequency, 0);

async function allMembers(by = tenant.viewer): Promise<JsonBody[]> {
  const members: JsonBody[] = [];
  for (const { index } of report.segments) {
    let next: string | null = `/reports/${report.id}/segments/${index}/members?pageSize=100`;
    while (next !== null) {
      const page: JsonBody = expectStatus(await by.api.get(next), 200);
      members.push(...page.results);
      next = page.next;
    }
  }
  return members;
}

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
  const sample = retailSample();
  expected = habitsOf(sample.csv, FIGURES.asOf);
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, sample.csv);
  datasetId = dataset.id;
  await ready(tenant.viewer.api, upload.id);
  const accepted = expectStatus(await ask({ asOf: FIGURES.asOf }), 202);
  task = accepted.task;
  report = await finished(accepted.report.id);
});
afterAll(() => system.stop());

describe('a report', () => {
  it('is made by a task', async () => {
    expect(task).toMatchObject({ kind: 'segmentation', reportId: report.id, datasetId });
    const done = expectStatus(await tenant.viewer.api.get(`/tasks/${task.id}`), 200);
    expect(done).toMatchObject({ status: 'succeeded', result: { reportId: report.id, k: report.k } });
    expect(done.progress).toMatchObject({ unit: 'percent', total: 100 });
  });

  it('is made of purchases alone', () => {
    expect(report).toMatchObject({
      status: 'succeeded',
      error: null,
      data: {
        rows: FIGURES.cleanRows,
        shoppers: FIGURES.cleanShoppers,
        excludedRows: FIGURES.rows - FIGURES.cleanRows,
        revenue: FIGURES.cleanRevenue,
        asOf: new Date(FIGURES.asOf).toISOString(),
      },
    });
    expect(report.data.uploads).toHaveLength(1);
    expect(report.features.map(({ name }: JsonBody) => name)).toEqual([
      'recencyDays',
      'frequency',
      'monetary',
    ]);
  });

  it('chooses k by silhouette from 3 on, and scores 2 beside it', () => {
    const { selection, k, quality } = report;
    expect(selection.map((score: JsonBody) => score.k)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const candidates = selection.filter((score: JsonBody) => score.k >= 3);
    const best = Math.max(...candidates.map(({ silhouette }: JsonBody) => silhouette));
    expect(candidates.find(({ silhouette }: JsonBody) => silhouette === best).k).toBe(k);
    expect(quality.silhouette).toBe(best);
    expect(quality.stability).toBeGreaterThan(0);
  });

  it('orders segments by revenue, names them apart and explains each in a sentence', () => {
    const { segments, k } = report;
    expect(segments.map(({ index }: JsonBody) => index)).toEqual(
      Array.from({ length: k }, (_, index) => index),
    );
    const shares: number[] = segments.map(({ revenueShare }: JsonBody) => revenueShare);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(segments.reduce((sum: number, { share }: JsonBody) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(new Set(segments.map(({ label }: JsonBody) => label)).size).toBe(k);
    for (const segment of segments) {
      expect(segment.summary).toMatch(/^\d+ % of shoppers, .* of revenue, .* orders? .*ago\.$/);
      expect(segment.action).not.toBe('');
      expect(segment.topProducts).toHaveLength(5);
      expect(segment.continues).toBeNull();
    }
    expect(report.projection).toHaveLength(FIGURES.cleanShoppers);
  });

  it('gives each shopper the habits that a plain count of the file gives', async () => {
    const members = await allMembers();
    expect(members).toHaveLength(expected.size);
    const counted = members.map(({ shopperId, features }) => [
      shopperId,
      { ...features, monetary: expect.closeTo(features.monetary, 6) },
    ]);
    expect(expected).toEqual(new Map(counted as [string, Habits][]));
    for (const { index, size, centroid, spread } of report.segments) {
      const own = members.filter(({ segment }) => segment === index);
      expect(own).toHaveLength(size);
      const days = own.map(({ features }) => features.recencyDays as number).toSorted((a, b) => a - b);
      expect(days.reduce((a, b) => a + b) / size).toBeCloseTo(centroid.recencyDays, 9);
      expect(days[Math.floor((size - 1) / 2)]).toBeLessThanOrEqual(spread.recencyDays.p50);
    }
  });

  it('finds single shoppers and sorts segments', async () => {
    const path = `/reports/${report.id}/segments/0/members?ordering=-monetary&pageSize=5`;
    const { results, count } = expectStatus(await tenant.viewer.api.get(path), 200);
    expect(count).toBe(report.segments[0].size);
    const money: number[] = results.map(({ features }: JsonBody) => features.monetary);
    expect(money).toEqual(money.toSorted((a, b) => b - a));
    const one = await tenant.viewer.api.get(`/reports/${report.id}/members/${results[0].shopperId}`);
    expect(expectStatus(one, 200)).toEqual(results[0]);
    for (const nobody of ['members/nobody', 'segments/99/members', 'segments/x/members']) {
      expect(await tenant.viewer.api.get(`/reports/${report.id}/${nobody}`)).toMatchObject({ status: 404 });
    }
    expect(await tenant.viewer.api.get(`${path}&ordering=name`)).toMatchObject({ status: 400 });
  });

  it('exports every member as CSV and JSON', async () => {
    const csv = await tenant.viewer.api.get(`/reports/${report.id}/export?format=csv`);
    expect(csv.headers.get('x-row-count')).toBe(String(expected.size));
    const [header, ...lines] = csv.text.trimEnd().split('\r\n');
    expect(header).toBe('shopperId,segment,label,recencyDays,frequency,monetary');
    const ids = lines.map((line) => line.split(',')[0]);
    expect(ids).toEqual([...expected.keys()].toSorted());
    const json = await tenant.viewer.api.get(`/reports/${report.id}/export?format=json`);
    expect(json.body.map(({ shopperId }: JsonBody) => shopperId)).toEqual(ids);
    expect(json.headers.get('x-row-count')).toBe(String(expected.size));
  });
});

describe('equal requests', () => {
  it('are answered by the finished report, byte by byte', async () => {
    const again = await ask({ asOf: FIGURES.asOf, k: 'auto', seed: 0 });
    expect(again.status).toBe(200);
    expect(again.headers.get('x-cache')).toBe('hit');
    expect(JSON.stringify(again.body.report)).toBe(JSON.stringify(report));
    expect(again.body.task).toBeUndefined();
  });

  it('make one task when 50 come at once; a report made anew has the same segments', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask({ k: 4 })));
    const bodies = answers.map((answer) => (answer.status === 200 ? answer.body : expectStatus(answer, 202)));
    expect(new Set(bodies.map((body) => body.report.id)).size).toBe(1);
    const made = await finished(bodies[0].report.id);
    expect(made.k).toBe(4);
    const { rows } = await system.database.query(`SELECT 1 FROM tasks WHERE report_id = $1`, [made.id]);
    expect(rows).toHaveLength(1);
    expectStatus(await tenant.analyst.api.delete(`/reports/${made.id}`), 204);
    expectStatus(await tenant.viewer.api.get(`/reports/${made.id}`), 404);
    const { report: accepted } = expectStatus(await ask({ k: 4 }), 202);
    const other = await finished(accepted.id);
    expect(other.id).not.toBe(made.id);
    expect(JSON.stringify(other.segments)).toBe(JSON.stringify(made.segments));
  });
});

describe('a report that is being made', () => {
  it('is cancelled with its task, and can then be asked for again', async () => {
    const { report: accepted, task } = expectStatus(await ask({ seed: 7 }), 202);
    expectStatus(await tenant.analyst.api.post(`/tasks/${task.id}/cancel`), 200);
    const cancelled = await finished(accepted.id);
    expect(cancelled).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' }, segments: [] });
    expect(await tenant.viewer.api.get(`/reports/${accepted.id}/export`)).toMatchObject({ status: 409 });
    const { report: again } = expectStatus(await ask({ seed: 7 }), 202);
    expect(again.id).not.toBe(accepted.id);
    expect((await finished(again.id)).status).toBe('succeeded');
  });
});

describe('a request that makes no sense', () => {
  it('is refused with a reason', async () => {
    const refused = [{ k: 1 }, { features: ['money'] }, { perfect: true }, { asOf: 'today' }];
    for (const body of refused) expect(await ask(body)).toMatchObject({ status: 400 });
    expect(await ask({ storeId: datasetId })).toMatchObject({ status: 404 });
    expect(await ask({ datasetIds: [tenant.storeId] })).toMatchObject({ status: 404 });
    expect(await ask({}, tenant.viewer)).toMatchObject({ status: 403 });
  });

  it('is refused without data', async () => {
    const empty = await system.make.tenant();
    const answer = await empty.analyst.api.post('/reports', { customerId: empty.customerId });
    expect(expectStatus(answer, 422)).toMatchObject({ code: 'unprocessable', detail: /no data/ });
  });

  it('is refused where a column is missing, naming those that were looked for and those that are there', async () => {
    const other = await system.make.tenant();
    const csv = 'Invoice ID,Branch,Total,Date\nA1,North,5.5,2024-01-01\nA2,South,6.5,2024-01-02\n';
    const { upload } = await startDataset(other.analyst, other, csv);
    await ready(other.viewer.api, upload.id);
    const { detail, code } = expectStatus(
      await other.analyst.api.post('/reports', { customerId: other.customerId }),
      422,
    );
    expect(code).toBe('unprocessable');
    expect(detail).toMatch(/no column for shopperId .*customer id.*Invoice ID, Branch, Total, Date/);
  });

  it('is refused where k is larger than the number of shoppers, or there are too few of them', async () => {
    const few = await system.make.tenant();
    const csv = `customer,order,date,amount\n${records(60, (i) => `${i % 12},O${i},2024-01-${10 + (i % 12)},${i}.5`)}`;
    const { upload } = await startDataset(few.analyst, few, csv);
    await ready(few.viewer.api, upload.id);
    const request = (body: object) =>
      few.analyst.api.post('/reports', { customerId: few.customerId, ...body });
    expect(expectStatus(await request({ k: 13 }), 422).detail).toMatch(/13 segments .* 12 shoppers/);
    expect(expectStatus(await request({ asOf: '2024-01-12' }), 422).detail).toMatch(/only 3 shoppers/);
    const { report: accepted } = expectStatus(await request({ k: 3 }), 202);
    expect((await finished(accepted.id, few.viewer)).data.shoppers).toBe(12);
  });
});

describe('a report over other data', () => {
  it('clusters the number columns of one row a shopper', async () => {
    const mall = await system.make.tenant();
    const csv = `CustomerID,Gender,Age,Score\n${records(80, (i) => `${i},F,${20 + (i % 4) * 15},${(i % 4) * 25}`)}`;
    const { upload } = await startDataset(mall.analyst, mall, csv);
    await ready(mall.viewer.api, upload.id);
    const request = { customerId: mall.customerId, transform: 'none', k: 4 };
    const { report: accepted } = expectStatus(await mall.analyst.api.post('/reports', request), 202);
    const made = await finished(accepted.id, mall.viewer);
    expect(made).toMatchObject({
      status: 'succeeded',
      data: { rows: 80, shoppers: 80, asOf: null, revenue: null },
    });
    expect(made.segments.map(({ size, revenueShare }: JsonBody) => [size, revenueShare])).toEqual(
      Array.from({ length: 4 }, () => [20, null]),
    );
  });

  it('joins the datasets of a customer, and new data makes a new report', async () => {
    const both = await system.make.tenant();
    const sales = records(90, (i) => `S${i % 15},A${i},2024-0${1 + (i % 6)}-01,${1 + (i % 7)}`);
    const request = { customerId: both.customerId, k: 3 };
    const first = await startDataset(both.analyst, both, `customer,order,date,amount\n${sales}`);
    await ready(both.viewer.api, first.upload.id);
    const one = expectStatus(await both.analyst.api.post('/reports', request), 202).report;
    const second = await startDataset(both.analyst, both, `Kunde,Bestellnummer,Datum,Umsatz\n${sales}`);
    await ready(both.viewer.api, second.upload.id);
    const two = expectStatus(await both.analyst.api.post('/reports', request), 202).report;
    expect(two.id).not.toBe(one.id);
    const single = await finished(one.id, both.viewer);
    const joined = await finished(two.id, both.viewer);
    expect(single.data).toMatchObject({ rows: 90, shoppers: 15 });
    expect(joined.data).toMatchObject({ rows: 180, shoppers: 15, revenue: 2 * single.data.revenue });
    expect(orders(joined)).toBeCloseTo(2 * orders(single), 6);
  });
});
