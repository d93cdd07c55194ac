import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { counted, figuresOf, isNear, numbersOf, quantile } from './harness/figures.js';
import type { JsonBody } from './harness/api-client.js';
import { noticeClosedConnections, tableOf } from './harness/table.js';
import { csvForm, onlineRetail, ready, retailSample, startDataset } from './harness/uploads.js';

const SHARES = { p01: 0.01, p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 };

/** Of the fullest bin. */
const most = (bins: { count: number }[]) => Math.max(...bins.map(({ count }) => count));

let system: System;
let tenant: Tenant;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  tenant = await system.make.tenant();
});
afterEach(noticeClosedConnections);
afterAll(() => system.stop());

async function datasetOf(content: string | Buffer, fields: Record<string, string> = {}): Promise<string> {
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, content, fields);
  await ready(tenant.viewer.api, upload.id);
  return dataset.id;
}
const process = (id: string, body?: unknown) => tenant.analyst.api.post(`/datasets/${id}/process`, body);
const profileOf = (id: string) => tenant.viewer.api.get(`/datasets/${id}/profile`);
const shown = async (id: string): Promise<JsonBody> =>
  expectStatus(await tenant.viewer.api.get(`/datasets/${id}`), 200);

async function succeeded(taskId: string): Promise<JsonBody> {
  return until(`task ${taskId}`, async () => {
    const task = expectStatus(await tenant.viewer.api.get(`/tasks/${taskId}`), 200);
    if (task.status === 'failed' || task.status === 'cancelled') throw new Error(JSON.stringify(task));
    return task.status === 'succeeded' && task;
  });
}

async function profiled(id: string): Promise<JsonBody> {
  const { task } = expectStatus(await process(id, { kind: 'profile' }), 202);
  await succeeded(task.id);
  return expectStatus(await profileOf(id), 200);
}

describe('the profile of Online Retail', () => {
  let rows: Record<string, string>[];
  let profile: JsonBody;
  let datasetId: string;
  let dataset: JsonBody;
  const cells = (column: string): string[] => rows.map((row) => row[column] ?? '');
  const column = (name: string): JsonBody =>
    profile.columns.find((candidate: JsonBody) => candidate.name === name);

  beforeAll(async () => {
    const { csv } = onlineRetail();
    rows = await tableOf(csv);
    datasetId = await datasetOf(csv);
    profile = await profiled(datasetId);
    dataset = await shown(datasetId);
  });

  it('has counts, nulls and distinct values of every column', () => {
    expect(profile).toMatchObject({ datasetId, current: true, rowCount: rows.length });
    const expected = Object.keys(rows[0] ?? {}).map((name) => {
      const filled = cells(name).filter((cell) => cell !== '');
      return [name, filled.length, rows.length - filled.length, new Set(filled).size];
    });
    expect(
      profile.columns.map(({ name, count, nulls, distinct }: JsonBody) => [name, count, nulls, distinct]),
    ).toEqual(expected);
  });

  it.each(['Quantity', 'UnitPrice', 'CustomerID'])('has the figures of %s', (name) => {
    const { mean, stddev, sum, min, max } = figuresOf(cells(name));
    const found = column(name);
    for (const [key, value] of Object.entries({ mean, stddev, sum, min, max })) {
      expect([key, isNear(found[key], Number(value))]).toEqual([key, true]);
    }
    const sorted = numbersOf(cells(name));
    for (const [key, share] of Object.entries(SHARES)) {
      expect([key, isNear(found.quantiles[key], quantile(sorted, share))]).toEqual([key, true]);
    }
    expect(found.topValues).toBeNull();
  });

  it.each(['Quantity', 'UnitPrice'])('has a histogram and the outliers of %s', (name) => {
    const sorted = numbersOf(cells(name));
    const [min = 0, max = 0] = [sorted[0], sorted.at(-1)];
    const { histogram, outliers, typical } = column(name);
    expect(histogram.length).toBe(20);
    for (const [bin, { from, to, count }] of histogram.entries()) {
      expect(isNear(from, min + ((max - min) * bin) / 20)).toBe(true);
      const inside = sorted.filter((value) => value >= from && (bin === 19 ? value <= to : value < to));
      expect([bin, count]).toEqual([bin, inside.length]);
    }
    const [low, high] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
    const [lower, upper] = [low - 1.5 * (high - low), high + 1.5 * (high - low)];
    expect(isNear(outliers.lower, lower)).toBe(true);
    expect(isNear(outliers.upper, upper)).toBe(true);
    expect(outliers.count).toBe(sorted.filter((value) => value < lower || value > upper).length);
    expect(typical.below).toBe(sorted.filter((value) => value < lower).length);
    expect(typical.above).toBe(outliers.count - typical.below);
    const inside = sorted.filter((value) => value >= lower && value <= upper);
    expect(typical.histogram[0].from).toBe(inside[0]);
    expect(typical.histogram.at(-1).to).toBe(inside.at(-1));
    for (const [bin, { from, to, count }] of typical.histogram.entries()) {
      const isLast = bin === typical.histogram.length - 1;
      const held = inside.filter((value) => value >= from && (isLast ? value <= to : value < to));
      expect([bin, count]).toEqual([bin, held.length]);
    }
    // Nearly all values are in one bin of the one, and not in one of the other.
    expect(most(histogram)).toBeGreaterThan(0.9 * sorted.length);
    expect(most(typical.histogram)).toBeLessThan(0.5 * inside.length);
  });

  it('has the most frequent texts, and quantiles of times', () => {
    const { topValues, histogram, outliers, typical, mean, quantiles } = column('Description');
    const filled = cells('Description').filter((cell) => cell !== '');
    expect(topValues).toEqual(
      counted(filled)
        .slice(0, 10)
        .map(([value, count]) => ({ value, count })),
    );
    expect([histogram, outliers, typical, mean, quantiles]).toEqual([null, null, null, null, null]);
    const moments = cells('InvoiceDate')
      .map((text) => {
        const [month = 0, day, year = 0, hour, minute] = text.split(/[/ :]/).map(Number);
        return Date.UTC(year, month - 1, day, hour, minute);
      })
      .sort((a, b) => a - b);
    for (const [key, share] of Object.entries(SHARES)) {
      expect(Date.parse(column('InvoiceDate').quantiles[key])).toBe(Math.floor(quantile(moments, share)));
    }
  });

  it('gives the dataset its distinct counts', () => {
    expect(dataset.columns.map(({ distinct }: JsonBody) => distinct)).toEqual(
      profile.columns.map(({ distinct }: JsonBody) => distinct),
    );
  });
});

describe('a profile', () => {
  it('is not found before it was ordered, and says how', async () => {
    const id = await datasetOf('n,t\n1,a\n');
    const answer = await profileOf(id);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(answer.body.detail).toContain(`POST /datasets/${id}/process {"kind": "profile"}`);
    expect((await shown(id)).columns[0].distinct).toBeNull();
  });

  it('stays when the dataset goes on, and says that it is not current', async () => {
    const id = await datasetOf('n,t,on\n1,a,2011-01-01\n2,a,2011-01-04\n,b,\n');
    expect(await profiled(id)).toMatchObject({
      current: true,
      columns: [
        { name: 'n', distinct: 2, nulls: 1, quantiles: { p50: 1.5 }, mean: 1.5 },
        {
          name: 't',
          distinct: 2,
          topValues: [
            { value: 'a', count: 2 },
            { value: 'b', count: 1 },
          ],
        },
        { name: 'on', quantiles: { p01: '2011-01-01', p50: '2011-01-02', p99: '2011-01-03' } },
      ],
    });
    const { upload } = expectStatus(
      await tenant.analyst.api.post(`/datasets/${id}/uploads`, csvForm({}, 'n,t,on\n3,c,2011-01-05\n')),
      202,
    );
    await ready(tenant.viewer.api, upload.id);
    expect(expectStatus(await profileOf(id), 200)).toMatchObject({ current: false, rowCount: 3 });
    expect((await shown(id)).columns[1].distinct).toBeNull();
    expect(await profiled(id)).toMatchObject({ current: true, rowCount: 4 });
    expect((await shown(id)).columns[1].distinct).toBe(3);
  });

  it('knows columns without values, of one value, and hostile ones', async () => {
    const id = await datasetOf('__proto__,one,none\nx,5,\n"=\u0001",5,\n');
    const { columns } = await profiled(id);
    expect(columns[1]).toMatchObject({
      distinct: 1,
      stddev: 0,
      histogram: [{ from: 5, to: 5, count: 2 }],
      outliers: { count: 0, lower: 5, upper: 5 },
      typical: { below: 0, above: 0, histogram: [{ from: 5, to: 5, count: 2 }] },
    });
    expect(columns[2]).toMatchObject({ distinct: 0, count: 0, nulls: 2, min: null });
    expect(columns[0]).toMatchObject({ name: '__proto__', distinct: 2 });
  });
});

describe('processing a dataset', () => {
  it('is the task that is running already', async () => {
    const id = await datasetOf('n\n1\n2\n');
    await system.killWorker();
    try {
      const first = await process(id, { kind: 'profile' });
      const { task } = expectStatus(first, 202);
      expect(task).toMatchObject({ kind: 'profile', status: 'queued', datasetId: id });
      expect(first.headers.get('location')).toBe(`/api/v1/tasks/${task.id}`);
      const others = await Promise.all([process(id), process(id, {}), process(id, { kind: 'profile' })]);
      expect(others.map((answer) => expectStatus(answer, 202).task.id)).toEqual([task.id, task.id, task.id]);
      await system.startWorker();
      expect((await succeeded(task.id)).result).toMatchObject({ datasetId: id, rowCount: 2 });
      expect(expectStatus(await process(id), 202).task.id).not.toBe(task.id);
    } finally {
      if (system.workers.length === 0) await system.startWorker();
    }
  });

  it('means segmentation for transactions, with the parameters of a report', async () => {
    const id = await datasetOf(`${retailSample().csv.toString()}\n`);
    const { task } = expectStatus(await process(id, { params: { k: 3 } }), 202);
    expect(task.kind).toBe('segmentation');
    const { result, reportId } = await succeeded(task.id);
    expect(result).not.toBeNull();
    const report = expectStatus(await tenant.viewer.api.get(`/reports/${reportId}`), 200);
    expect(report).toMatchObject({ k: 3, status: 'succeeded' });
    expect(expectStatus(await process(id, { params: { k: 3 } }), 202).task.id).toBe(task.id);
    expect(expectStatus(await process(id, { kind: 'profile' }), 202).task.kind).toBe('profile');
  });

  it.each([
    { kind: 'magic' },
    { kind: 'segmentation', params: { k: 1 } },
    { kind: 'segmentation', params: { datasetIds: [] } },
    { kind: 'profile', params: { k: 3 } },
    { other: 1 },
  ])('refuses %j with 400', async (body) => {
    const id = await datasetOf(`n\n${Math.random()}\n`);
    expect(await process(id, body)).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
  });

  it('of nothing is refused with 422', async () => {
    const made = await tenant.analyst.api.post('/datasets', { customerId: tenant.customerId, name: 'Empty' });
    expect(await process(expectStatus(made, 201).id)).toMatchObject({
      status: 422,
      body: { code: 'unprocessable' },
    });
  });
});
