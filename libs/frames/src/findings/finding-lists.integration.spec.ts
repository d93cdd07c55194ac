import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Anomaly, FindingLists } from '@app/frames';
import { FramesRig } from '../fixtures/frames-rig.js';

const ROWS = 30_000;

let rig: FramesRig;
beforeAll(async () => {
  rig = await FramesRig.start();
});
afterAll(() => rig.stop());

/** Every row of two has no shopper, every hundredth has no price. */
const row = (index: number): string =>
  `${index},${index % 2 === 0 ? '' : `S${index % 5}`},${index % 100 === 7 ? 0 : (index % 9) + 1}`;

const LISTS: [string, (index: number) => string, (index: number) => number][] = [
  ['has one line a record', row, (index) => index + 2],
  // Lines are then counted by a second pass.
  ['has blank lines', (index) => `${row(index)}\n`, (index) => 2 * index + 2],
];

const told = (anomalies: readonly Anomaly[]): [number, string][] =>
  anomalies.map(({ line, type }) => [line, type]);

describe.each(LISTS)('a long list of findings of a file that %s', (_, lineOf, numberOf) => {
  const records = Array.from({ length: ROWS }, (__, index) => index);
  const meant: [number, string][] = records.flatMap((index): [number, string][] => [
    ...(index % 2 === 0 ? ([[numberOf(index), 'missing_shopper']] as [number, string][]) : []),
    ...(index % 100 === 7 ? ([[numberOf(index), 'zero_price']] as [number, string][]) : []),
  ]);
  it('gives any page, of all types or of one, with how many there are', async () => {
    const mapping = { roles: { shopperId: 'shopper', unitPrice: 'price' } };
    const content = `id,shopper,price\n${records.map(lineOf).join('\n')}\n`;
    const { artefacts, findings, counts } = await rig.ingest(content, { mapping });
    const lists = rig.get(FindingLists);
    const list = { path: artefacts.anomalies ?? '', findings };
    expect(counts.anomalies).toBe(meant.length);
    for (const page of [1, 2, 700, Math.ceil(meant.length / 20)]) {
      const found = await lists.page(list, { page, pageSize: 20 });
      expect(found.count).toBe(meant.length);
      expect(told(found.results)).toEqual(meant.slice((page - 1) * 20, page * 20));
    }
    const prices = meant.filter(([, type]) => type === 'zero_price');
    const last = await lists.page(list, { type: 'zero_price', page: 15, pageSize: 20 });
    expect([last.count, told(last.results)]).toEqual([prices.length, prices.slice(280)]);
    const nothing = { count: prices.length, results: [] };
    expect(await lists.page(list, { type: 'zero_price', page: 16, pageSize: 20 })).toEqual(nothing);
    expect(await lists.page(list, { type: 'bad_cast', page: 1, pageSize: 20 })).toEqual({
      count: 0,
      results: [],
    });

    const all: Anomaly[] = [];
    for await (const part of lists.all(list)) all.push(...part);
    expect(told(all)).toEqual(meant);
    const some: Anomaly[] = [];
    for await (const part of lists.all(list, 'zero_price')) some.push(...part);
    expect(told(some)).toEqual(prices);
  });
});
