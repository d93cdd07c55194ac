import { describe, expect, it } from 'vitest';
import type { ReportInput } from '../request/report-input.js';
import { figuresOf, unitsOf } from './describe.js';
import { projectionOf } from './segment-shoppers.js';

const input = {
  kind: 'transactions',
  numbers: [],
  datasets: [
    { rowCount: 10, currency: null },
    { rowCount: 5, currency: 'EUR' },
  ],
} as unknown as ReportInput;

describe('what a report says of its data', () => {
  it('counts the rows that were left out of all datasets', () => {
    const none = new Float64Array();
    const columns = {
      shoppers: 3,
      sourceRows: 12,
      totalRevenue: 7.5,
      features: [],
      revenue: none,
      recency: none,
      orders: none,
      span: none,
    };
    expect(figuresOf(columns, 1_323_521_400_000_000n, { input })).toEqual({
      rows: 12,
      shoppers: 3,
      excludedRows: 3,
      asOf: '2011-12-10T12:50:00.000Z',
      revenue: 7.5,
      currency: 'EUR',
    });
  });

  it('names the currency of the stores', () => {
    const feature = { name: 'averageBasket', label: '', definition: '', unit: 'currency per order' };
    expect(unitsOf([feature], { input })[0]?.unit).toBe('EUR per order');
  });

  it('spreads the picture evenly over many shoppers', () => {
    const count = 5000;
    const plane = Float64Array.from({ length: 2 * count }, (_, at) => at);
    const points = projectionOf(plane, new Uint8Array(count).fill(4));
    expect(points).toHaveLength(1667);
    expect(points[1]).toEqual({ x: 6, y: 7, segment: 4 });
  });
});
