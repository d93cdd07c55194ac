import { describe, expect, it } from 'vitest';
import { fillIn, reportRequestSchema } from './report-params.js';

const FEATURES = ['recencyDays'];
const filled = (request: object) => fillIn(reportRequestSchema.parse(request), FEATURES);
const id = '0193a1b2-0000-7000-8000-000000000000';

/** As many different names, or ids. */
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${index}`);
const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${id.slice(0, -4)}${String(index).padStart(4, '0')}`);
const cutPoints = (count: number): object => {
  const values = Array.from({ length: count }, (_, index) => index);
  return { r: values, f: values, m: values };
};

describe('report parameters', () => {
  it('have defaults', () => {
    expect(filled({})).toEqual({
      storeId: null,
      storeIds: null,
      perStore: false,
      datasetIds: null,
      k: 'auto',
      kMin: 3,
      kMax: 10,
      features: FEATURES,
      transform: 'log1p',
      scaling: 'standard',
      asOf: null,
      seed: 0,
      rfm: null,
      groupBy: null,
    });
  });

  it('keep kMin and kMax in order where only one is given', () => {
    expect(filled({ kMax: 2 })).toMatchObject({ kMin: 2, kMax: 2 });
    expect(filled({ kMin: 12 })).toMatchObject({ kMin: 12, kMax: 12 });
  });

  it('mean the same in whatever order stores are named', () => {
    const other = id.replace('0193', '0194');
    expect(filled({ storeIds: [other, id] })).toEqual(filled({ storeIds: [id, other] }));
  });

  it('take scores by quantiles or by cut points', () => {
    expect(filled({ rfm: {} }).rfm).toEqual({ bins: 5 });
    const cuts = { r: [30], f: [1, 2.5], m: [10] };
    expect(filled({ rfm: { cuts } }).rfm).toEqual({ cuts });
  });

  it('bring moments to UTC', () => {
    expect(filled({ asOf: '2011-12-10T13:50:00+01:00' }).asOf).toBe('2011-12-10T12:50:00.000Z');
    expect(filled({ asOf: '2011-12-10' }).asOf).toBe('2011-12-10T00:00:00.000Z');
  });

  it.each<[string, (value: number) => object, least: number, most: number]>([
    ['k', (k) => ({ k }), 2, 20],
    ['kMin', (kMin) => ({ kMin }), 2, 20],
    ['kMax', (kMax) => ({ kMax }), 2, 20],
    ['bins', (bins) => ({ rfm: { bins } }), 2, 10],
    ['cut points', (count) => ({ rfm: { cuts: cutPoints(count) } }), 1, 9],
    ['features', (count) => ({ features: names(count) }), 1, 50],
    ['stores', (count) => ({ storeIds: ids(count) }), 1, 100],
    ['datasets', (count) => ({ datasetIds: ids(count) }), 1, 100],
    ['seed', (seed) => ({ seed }), 0, 2 ** 32 - 1],
    ['letters of groupBy', (length) => ({ groupBy: 'g'.repeat(length) }), 1, 1024],
  ])('take %s within its limits and nothing beyond', (_, request, least, most) => {
    const taken = [least - 1, least, least + 1, most - 1, most, most + 1].filter(
      (value) => reportRequestSchema.safeParse(request(value)).success,
    );
    expect(taken).toEqual([least, least + 1, most - 1, most]);
  });

  it.each([
    ['k below 2', { k: 1 }],
    ['k above 20', { k: 21 }],
    ['k as text', { k: '4' }],
    ['kMin above kMax', { kMin: 5, kMax: 4 }],
    ['an unknown transform', { transform: 'sqrt' }],
    ['no features', { features: [] }],
    ['a feature twice', { features: ['monetary', 'monetary'] }],
    ['no moment', { asOf: 'yesterday' }],
    ['a negative seed', { seed: -1 }],
    ['a fraction as seed', { seed: 0.5 }],
    ['storeId beside storeIds', { storeId: id, storeIds: [id] }],
    ['perStore beside storeId', { storeId: id, perStore: true }],
    ['groupBy beside k', { groupBy: 'City', k: 3 }],
    ['cut points that do not rise', { rfm: { cuts: { r: [30, 30], f: [1], m: [1] } } }],
    ['scores by cut points of money alone', { rfm: { cuts: { m: [1] } } }],
    ['scores by quantiles and cut points', { rfm: { bins: 5, cuts: { r: [1], f: [1], m: [1] } } }],
    ['a single score', { rfm: { bins: 1 } }],
    ['an unknown parameter', { clusters: 4 }],
  ])('refuse %s', (_, request) => {
    expect(reportRequestSchema.safeParse(request).success).toBe(false);
  });
});
