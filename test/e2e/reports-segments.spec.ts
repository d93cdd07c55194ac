import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonBody } from './harness/api-client.js';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

let system: System;

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
});
afterAll(() => system.stop());

/** A tenant with a file that is read. */
async function tenantWith(csv: string | Buffer): Promise<Tenant & { datasetId: string; uploadId: string }> {
  const tenant = await system.make.tenant();
  const { dataset, upload } = await startDataset(tenant.analyst, tenant, csv);
  await ready(tenant.viewer.api, upload.id);
  return { ...tenant, datasetId: dataset.id, uploadId: upload.id };
}

const ask = ({ analyst, customerId }: Tenant, body: object) =>
  analyst.api.post('/reports', { customerId, ...body });

async function made(tenant: Tenant, body: object = {}): Promise<JsonBody> {
  const { report } = expectStatus(await ask(tenant, body), 202);
  const finished = await finishedReport(tenant.viewer.api, report.id);
  if (finished.status !== 'succeeded') throw new Error(JSON.stringify(finished.error));
  return finished;
}

/** Lines of a CSV file. */
const records = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

const exported = async ({ viewer }: Tenant, { id }: JsonBody): Promise<JsonBody[]> =>
  expectStatus(await viewer.api.get(`/reports/${id}/export?format=json`), 200);

/** Why a report on these sales is refused. */
async function refusal(lines: string, request: object = {}): Promise<string> {
  const tenant = await tenantWith(`customer,order,date,amount\n${lines}`);
  const { code, detail } = expectStatus(await ask(tenant, request), 422);
  expect(code).toBe('unprocessable');
  return detail;
}

const above = (value: number, limits: number[]): number => limits.filter((limit) => value > limit).length;

describe('segments', () => {
  let retail: Awaited<ReturnType<typeof tenantWith>>;
  let report: JsonBody;

  beforeAll(async () => {
    retail = await tenantWith(retailSample().csv);
    report = await made(retail, { k: 4 });
  });

  it('say what sets them apart, and name typical shoppers', async () => {
    const members = await exported(retail, report);
    for (const segment of report.segments) {
      const { distinguishing, examples, index, size, centroid } = segment;
      expect(distinguishing.length).toBeGreaterThan(0);
      const distances: number[] = distinguishing.map(({ difference }: JsonBody) => Math.abs(difference));
      expect(distances).toEqual(distances.toSorted((a, b) => b - a));
      for (const { feature, mean, others, direction, difference } of distinguishing) {
        const rest = members.filter((member) => member.segment !== index);
        const total = rest.reduce((sum, { features }) => sum + features[feature], 0);
        expect(mean).toBeCloseTo(centroid[feature], 6);
        expect(others).toBeCloseTo(total / rest.length, 6);
        expect(direction).toBe(mean > others ? 'higher' : 'lower');
        const all = members.map(({ features }) => features[feature] as number);
        const middle = all.reduce((sum, value) => sum + value, 0) / all.length;
        const variance = all.reduce((sum, value) => sum + (value - middle) ** 2, 0) / all.length;
        expect(difference).toBeCloseTo((mean - others) / Math.sqrt(variance), 6);
      }
      expect(examples).toHaveLength(Math.min(5, size));
      const own = new Set(
        members.filter((member) => member.segment === index).map(({ shopperId }) => shopperId),
      );
      expect(examples.every((id: string) => own.has(id))).toBe(true);
    }
  });

  it('name the best-selling products in words', () => {
    for (const { topProducts } of report.segments) {
      for (const { product, code } of topProducts) {
        expect(product).toMatch(/[A-Za-z]{3}/);
        expect(code).toMatch(/^(?:\d{5}[A-Za-z]*|[A-Z]+)$/);
        expect(product).not.toBe(code);
      }
    }
  });

  it('continue those of the report before that has the same scope', async () => {
    expect(report.segments.map(({ continues }: JsonBody) => continues)).toEqual([null, null, null, null]);
    const again = await made(retail, { k: 4, seed: 3 });
    for (const { continues } of again.segments) {
      expect(continues).toMatchObject({ reportId: report.id, similarity: expect.any(Number) });
      expect(report.segments[continues.index].label).toBe(continues.label);
    }
    expect(
      Math.max(...again.segments.map(({ continues }: JsonBody) => continues.similarity)),
    ).toBeGreaterThan(0.9);
    const others = await made(retail, { k: 4, features: ['frequency', 'monetary'] });
    expect(others.segments[0].continues).toBeNull();
  });

  it('stand beside scores of recency, frequency and money', async () => {
    const scored = await made(retail, { k: 3, rfm: { bins: 5 } });
    expect(scored.params.rfm).toEqual({ bins: 5 });
    const { cuts, groups } = scored.rfm;
    expect([cuts.r.length, cuts.f.length, cuts.m.length]).toEqual([4, 4, 4]);
    const members = await exported(retail, scored);
    const counted = new Map<string, number>();
    for (const { features, rfm } of members) {
      expect(rfm).toMatchObject({
        r: 5 - above(features.recencyDays, cuts.r),
        f: 1 + above(features.frequency, cuts.f),
        m: 1 + above(features.monetary, cuts.m),
      });
      counted.set(rfm.group, (counted.get(rfm.group) ?? 0) + 1);
    }
    expect(new Map(groups.map(({ group, size }: JsonBody) => [group, size]))).toEqual(counted);
    const sum = (name: string): number =>
      groups.reduce((total: number, group: JsonBody) => total + group[name], 0);
    expect([sum('share'), sum('revenueShare')]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
    const { results } = expectStatus(
      await retail.viewer.api.get(`/reports/${scored.id}/segments/0/members?pageSize=1`),
      200,
    );
    expect(results[0].rfm.group).toEqual(expect.any(String));

    const own = await made(retail, { k: 3, rfm: { cuts: { r: [30], f: [1], m: [100, 1000] } } });
    expect(own.rfm.cuts).toEqual({ r: [30], f: [1], m: [100, 1000] });
    const best = (await exported(retail, own)).filter(({ rfm }) => rfm.r === 2 && rfm.f === 2 && rfm.m === 3);
    expect(best.length).toBeGreaterThan(0);
    for (const { features, rfm } of best) {
      expect(rfm.group).toBe('Champions');
      expect(features.monetary).toBeGreaterThan(1000);
    }
    expect(await ask(retail, { rfm: { cuts: { r: [3, 2], f: [1], m: [1] } } })).toMatchObject({
      status: 400,
    });
  });
});

describe('rows that each are a shopper', () => {
  let mall: Tenant;
  beforeAll(async () => {
    const cities = ['Lima', 'Quito', 'Lima', ''];
    mall = await tenantWith(
      `CustomerID,City,Age,Score\n${records(80, (i) => `${i},${cities[i % 4]},${20 + (i % 4) * 15},${(i % 4) * 25}`)}`,
    );
  });

  it('are described by what is no number, too', async () => {
    const { segments } = await made(mall, { k: 4, transform: 'none' });
    const quito = segments.find(({ centroid }: JsonBody) => centroid.Age === 35);
    expect(quito.categories).toEqual([
      { column: 'City', values: [{ value: 'Quito', share: 1, overall: 0.25 }] },
    ]);
  });

  it('are grouped by a column that is given', async () => {
    const report = await made(mall, { groupBy: 'City', transform: 'none' });
    expect(report).toMatchObject({ k: 3, params: { groupBy: 'City', k: 'auto' } });
    expect(report.segments.map(({ label, size }: JsonBody) => [label, size])).toEqual([
      ['Lima', 40],
      ['(no value)', 20],
      ['Quito', 20],
    ]);
    expect(report.segments[0].centroid).toEqual({ Age: 35, Score: 25 });
    expect(report.selection).toHaveLength(1);
    expect(report.quality).toMatchObject({ stability: null });
    expect((await exported(mall, report)).filter(({ label }) => label === 'Quito')).toHaveLength(20);
    expect(await ask(mall, { groupBy: 'Street' })).toMatchObject({ status: 400 });
    expect(await ask(mall, { groupBy: 'City', k: 3 })).toMatchObject({ status: 400 });
    expect(await ask(mall, { rfm: { bins: 5 } })).toMatchObject({ status: 422 });
  });
});

describe('thin data', () => {
  it('is refused with the reason: too few shoppers, one order each, all alike', async () => {
    expect(await refusal(records(30, (i) => `${i % 3},O${i},2024-01-0${1 + (i % 9)},${i}`))).toMatch(
      /only 3 shoppers/,
    );
    expect(await refusal(records(30, (i) => `${i},O${i},2024-01-0${1 + (i % 9)},${i}`))).toMatch(
      /more than one order/,
    );
    expect(await refusal(records(60, (i) => `${i % 30},O${i},2024-01-05,7`))).toMatch(
      /alike in every feature/,
    );
  });

  it('has no groups to be given where rows are sales', async () => {
    const lines = records(60, (i) => `${i % 20},O${i},2024-01-0${1 + (i % 9)},${i}`);
    expect(await refusal(lines, { groupBy: 'order' })).toMatch(/one row a shopper/);
  });
});
