import { describe, expect, it } from 'vitest';
import { fillIn, reportRequestSchema } from './report-params.js';

const FEATURES = ['recencyDays'];
const filled = (request: object) => fillIn(reportRequestSchema.parse(request), FEATURES);
const id = '0193a1b2-0000-7000-8000-000000000000';

describe('report parameters', () => {
  it('have defaults', () => {
    expect(filled({})).toEqual({
      storeId: null,
      storeIds: null,
      datasetIds: null,
      k: 'auto',
      kMin: 3,
      kMax: 10,
      features: FEATURES,
      transform: 'log1p',
      scaling: 'standard',
      asOf: null,
      seed: 0,
    });
  });

  it('keep kMin and kMax in order where only one is given', () => {
    expect(filled({ kMax: 2 })).toMatchObject({ kMin: 2, kMax: 2 });
    expect(filled({ kMin: 12 })).toMatchObject({ kMin: 12, kMax: 12 });
  });

  it('bring moments to UTC', () => {
    expect(filled({ asOf: '2011-12-10T13:50:00+01:00' }).asOf).toBe('2011-12-10T12:50:00.000Z');
    expect(filled({ asOf: '2011-12-10' }).asOf).toBe('2011-12-10T00:00:00.000Z');
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
    ['an unknown parameter', { clusters: 4 }],
  ])('refuse %s', (_, request) => {
    expect(reportRequestSchema.safeParse(request).success).toBe(false);
  });
});
