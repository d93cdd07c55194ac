import { describe, expect, it } from 'vitest';
import { buildSegments } from './build-segments.js';
import { labelSegments } from './labels.js';
import type { SegmentMeans } from './segment-means.js';
import { summarise } from './summary.js';

const habit = (
  recencyDays: number,
  frequency: number,
  monetary: number,
  intervalDays: number | null = null,
): SegmentMeans => ({
  centroid: { recencyDays, frequency, monetary },
  differences: [],
  habits: { recencyDays, frequency, monetary, intervalDays },
});
const namesOf = (segments: SegmentMeans[]): string[] => labelSegments(segments).map(({ label }) => label);
/** A segment by its distances to all others. */
const apart = (distances: Record<string, number>): SegmentMeans => ({
  centroid: {},
  differences: Object.entries(distances).map(([feature, difference]) => ({ feature, difference })),
  habits: null,
});

describe('labelSegments', () => {
  it('names shopping habits', () => {
    const segments = [
      habit(7, 22, 15_000, 15),
      habit(40, 7, 3000, 30),
      habit(9, 1.4, 400, 40),
      habit(250, 1.1, 300, 40),
    ];
    expect(namesOf(segments)).toEqual(['Champions', 'Need attention', 'New shoppers', 'Lost one-timers']);
  });

  it('calls nobody lost who is in the rhythm of his segment, and nobody a one-timer who came back', () => {
    // Of about equal worth and all of them regulars: means of a real retailer.
    const alike = [habit(97, 20.4, 1404, 64), habit(14, 20.6, 1398, 67), habit(122, 12.1, 594, 106)];
    expect(namesOf(alike)).toEqual(['Need attention', 'Loyal regulars', 'Occasional shoppers']);
    const overdue = [habit(188, 12.1, 500, 37), habit(319, 4.6, 150, 51), habit(29, 12.7, 520, 46)];
    expect(namesOf(overdue)).toEqual(['Lapsed regulars', 'Dormant', 'Loyal regulars']);
  });

  it('never names two segments alike, whatever their number', () => {
    for (const count of [2, 5, 12, 13, 20]) {
      const names = namesOf(Array.from({ length: count }, () => habit(10, 2, 30)));
      expect(new Set(names).size).toBe(count);
    }
  });

  it('tells segments of one kind apart by the habit in which they differ most', () => {
    const alike = [100, 300, 900].map((money) => habit(200, 1, money));
    const champions = [100, 300, 900].map((money) => habit(5, 20, money * 40, 10));
    const names = namesOf([...alike, ...champions]);
    expect(new Set(names).size).toBe(6);
    expect(names.every((name) => !/\d/.test(name))).toBe(true);
    expect(names.filter((name) => name.endsWith('spend')).length).toBeGreaterThan(1);
  });

  it('names what is high and low where the features are no habits', () => {
    const people = [
      apart({ 'Spending_Score (1-100)': 1.2, Age: -1.1, Income: 0.1 }),
      apart({ Age: 0.8, Income: -0.3 }),
      apart({ Income: 0.2 }),
    ];
    expect(namesOf(people)).toEqual([
      'Very high Spending Score, very low Age',
      'High Age',
      'Average shoppers',
    ]);
  });

  it('takes more features where two would be called alike, and keeps headers that are alike without their unit', () => {
    const people = [
      apart({ 'Score (web)': -0.9, 'Score (shop)': -0.8, Age: 0.4 }),
      apart({ 'Score (web)': -0.9, 'Score (shop)': -0.8, Age: -0.4 }),
      apart({ 'Score (web)': 2, 'Score (shop)': 1 }),
      apart({ 'Score (web)': 2, 'Score (shop)': 1 }),
    ];
    expect(namesOf(people)).toEqual([
      'Low Score (web), low Score (shop), high Age',
      'Low Score (web), low Score (shop), low Age',
      'Very high Score (web), high Score (shop)',
      'Very high Score (web), high Score (shop) 2',
    ]);
  });
});

describe('summarise', () => {
  const habits = { recencyDays: 3.2, frequency: 14.04, monetary: 8264.25, intervalDays: 9.4 };
  const figures = { share: 0.123, revenueShare: 0.409, habits, currency: 'GBP', distinguishing: [] };

  it('says it in one sentence', () => {
    expect(summarise(figures)).toBe(
      '12 % of shoppers, 41 % of revenue, 14 orders a shopper worth £8,264, one every 9.4 days, last seen 3 days ago.',
    );
  });

  it('does not speak of a rhythm where most ordered once', () => {
    const once = { ...habits, frequency: 1.3, monetary: 40.5 };
    expect(summarise({ ...figures, habits: once, currency: 'CHF' })).toBe(
      '12 % of shoppers, 41 % of revenue, 1.3 orders a shopper worth CHF 40.50, most of them only one, last seen 3 days ago.',
    );
  });

  it('leaves out what is not known', () => {
    const known = { recencyDays: 1, frequency: 1, monetary: null, intervalDays: null };
    expect(summarise({ ...figures, share: 0.004, revenueShare: null, habits: known })).toBe(
      'less than 1 % of shoppers, 1 order a shopper, last seen 1 day ago.',
    );
    expect(summarise({ ...figures, habits: { ...habits, recencyDays: 0, intervalDays: 1.04 } })).toMatch(
      /one every day, last seen within a day\.$/,
    );
  });

  it('tells of shoppers without habits in what they differ', () => {
    const distinguishing = [
      { feature: 'Age', mean: 53.85, others: 33.2 },
      { feature: 'Income', mean: 5300.5, others: 6300 },
      { feature: 'Visits', mean: 1, others: 2 },
    ];
    expect(summarise({ ...figures, revenueShare: null, habits: null, distinguishing })).toBe(
      '12 % of shoppers, Age 54 (the others 33), Income 5,301 (the others 6,300).',
    );
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
    currency: null,
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
      '50 % of shoppers, 3 % of revenue, 2 orders a shopper worth 1.50, one every 10 days, last seen 2 days ago.',
    );
  });
});
