import type { ColumnProfile } from '@app/frames';
import { describe, expect, it } from 'vitest';
import { columnAnomalies } from './dataset-anomalies.js';

const profile = (some: Partial<ColumnProfile>): ColumnProfile => ({
  name: 'c',
  type: 'integer',
  count: 5,
  nulls: 0,
  distinct: 5,
  min: null,
  max: null,
  mean: null,
  stddev: null,
  sum: null,
  quantiles: null,
  histogram: null,
  typical: null,
  outliers: null,
  topValues: null,
  ...some,
});
const found = (some: Partial<ColumnProfile>) =>
  columnAnomalies(profile(some)).map(({ type, count }) => [type, count]);

describe('anomalies of a column', () => {
  it('are none where values differ and stay within the fences', () => {
    expect(found({ outliers: { count: 0, lower: 0, upper: 9 } })).toEqual([]);
    expect(found({ count: 1, distinct: 1 })).toEqual([]);
    expect(found({ count: 0, nulls: 0, distinct: 0 })).toEqual([]);
  });

  it('are values beyond the fences, columns of one value and columns of none', () => {
    expect(found({ outliers: { count: 2, lower: 0, upper: 9 } })).toEqual([['outlier', 2]]);
    expect(found({ distinct: 1 })).toEqual([['constant_column', 5]]);
    expect(found({ count: 0, nulls: 5, distinct: 0 })).toEqual([['empty_column', 5]]);
  });
});
