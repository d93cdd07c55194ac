import { describe, expect, it } from 'vitest';
import { buildSegments } from './build-segments.js';
import { labelSegments } from './labels.js';
import { summarise } from './summary.js';

const habit = (recencyDays: number, frequency: number, monetary: number) => ({
  recencyDays,
  frequency,
  monetary,
});

describe('labelSegments', () => {
  it('names shopping habits', () => {
    const labels = labelSegments([
      habit(7, 22, 15_000),
      habit(40, 7, 3000),
      habit(9, 1.5, 400),
      habit(250, 1.1, 300),
    ]);
    expect(labels.map(({ label }) => label)).toEqual([
      'Champions',
      'Need attention',
      'New shoppers',
      'Lost one-timers',
    ]);
  });

  it('never names two segments alike, whatever their number', () => {
    for (const count of [2, 5, 12, 13, 20]) {
      const labels = labelSegments(Array.from({ length: count }, () => habit(10, 2, 30)));
      expect(new Set(labels.map(({ label }) => label)).size).toBe(count);
    }
  });

  it('names what is high and low where the features are no habits', () => {
    const labels = labelSegments([
      { Age: 20, Score: 90 },
      { Age: 60, Score: 50 },
      { Age: 60, Score: 10 },
    ]);
    expect(labels.map(({ label }) => label)).toEqual([
      'Very low Age, very high Score',
      'High Age, average Score',
      'Very low Score, high Age',
    ]);
  });
});

describe('summarise', () => {
  const figures = {
    share: 0.123,
    revenueShare: 0.409,
    recencyDays: 3.2,
    frequency: 14.04,
    monetary: 8264.25,
  };

  it('says it in one sentence', () => {
    expect(summarise({ ...figures, intervalDays: 9.4 })).toBe(
      '12 % of shoppers, 41 % of revenue, 14 orders worth 8,264 per shopper, one every 9.4 days, last seen 3 days ago.',
    );
  });

  it('leaves out what is not known', () => {
    expect(
      summarise({
        share: 0.004,
        revenueShare: null,
        recencyDays: 1,
        frequency: 1,
        monetary: null,
        intervalDays: null,
      }),
    ).toBe('less than 1 % of shoppers, 1 order per shopper, last seen 1 day ago.');
  });
});

describe('buildSegments', () => {
  const input = {
    k: 2,
    labels: Uint8Array.of(0, 0, 0, 1),
    columns: [Float64Array.of(1, 2, 6, 100)],
    names: ['Spend'],
    transform: 'none' as const,
    groupNames: null,
    revenue: Float64Array.of(1, 2, 6, 91),
    habits: null,
  };

  it('orders by share of revenue and keeps units', () => {
    const { segments, labels } = buildSegments(input);
    expect(Array.from(labels)).toEqual([1, 1, 1, 0]);
    expect(segments).toMatchObject([
      { index: 0, size: 1, share: 0.25, revenueShare: 0.91, centroid: { Spend: 100 } },
      {
        index: 1,
        size: 3,
        share: 0.75,
        revenueShare: 0.09,
        centroid: { Spend: 3 },
        spread: { Spend: { p25: 1.5, p50: 2, p75: 4 } },
      },
    ]);
  });

  it('names what sets a segment apart, in standard deviations and in own units', () => {
    const columns = [Float64Array.of(1, 1, 3, 3), Float64Array.of(5, 7, 5, 7), Float64Array.of(2, 2, 2, 2)];
    const { segments } = buildSegments({
      ...input,
      labels: Uint8Array.of(0, 0, 0, 1),
      columns,
      names: ['Visits', 'Age', 'Same'],
    });
    expect(segments[0]?.distinguishing).toEqual([
      { feature: 'Visits', direction: 'higher', difference: expect.closeTo(4 / 3), mean: 3, others: 5 / 3 },
      { feature: 'Age', direction: 'higher', difference: expect.closeTo(4 / 3), mean: 7, others: 17 / 3 },
    ]);
    expect(segments[1]?.distinguishing[0]).toMatchObject({ feature: 'Visits', direction: 'lower' });
  });

  it('leaves out small differences unless there is nothing else', () => {
    const columns = [Float64Array.of(0, 0, 0, 8), Float64Array.of(4, 5, 6, 5.1)];
    const labels = Uint8Array.of(0, 0, 0, 1);
    const names = ['Visits', 'Age'];
    const [lone] = buildSegments({ ...input, labels, columns, names }).segments;
    expect(lone?.distinguishing.map(({ feature }) => feature)).toEqual(['Visits']);
    const [alike] = buildSegments({ ...input, labels, columns: columns.slice(1), names: ['Age'] }).segments;
    expect(alike?.distinguishing).toMatchObject([{ feature: 'Age', direction: 'higher' }]);
  });

  it('finds typical shoppers, the nearest to the mean first', () => {
    expect(buildSegments(input).examples).toEqual([[3], [1, 0, 2]]);
  });

  it('keeps the names of groups that were given', () => {
    const { segments } = buildSegments({ ...input, groupNames: ['France', 'Spain'] });
    expect(segments.map(({ label }) => label)).toEqual(['Spain', 'France']);
  });

  it('orders by size where no revenue is known', () => {
    const { segments } = buildSegments({ ...input, revenue: null });
    expect(segments.map(({ size, revenueShare }) => [size, revenueShare])).toEqual([
      [3, null],
      [1, null],
    ]);
  });

  it('says how often a segment buys', () => {
    const { segments } = buildSegments({
      ...input,
      labels: Uint8Array.of(0, 0, 1, 1),
      habits: {
        recencyDays: Float64Array.of(1, 3, 5, 5),
        frequency: Float64Array.of(3, 1, 1, 1),
        spanDays: Float64Array.of(20, 0, 0, 0),
      },
    });
    expect(segments[1]?.summary).toBe(
      '50 % of shoppers, 3 % of revenue, 2 orders worth 2 per shopper, one every 10 days, last seen 2 days ago.',
    );
  });
});
