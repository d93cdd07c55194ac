import type { ReportSummary } from '@app/api-client';
import { expect, it } from 'vitest';
import { comparable, pointsOf, segmentNames } from './points.js';

const report = (id: string, asOf: string | null, names: string[], storeId: string | null = null) =>
  ({
    id,
    storeId,
    createdAt: '2024-05-05T10:00:00.000Z',
    data: { asOf },
    segments: names.map((name) => ({ name })),
  }) as unknown as ReportSummary;

it('orders reports by the day of their data and keeps the newest of a day', () => {
  const newestFirst = [
    report('c', '2024-01-02T00:00:00.000Z', ['A', 'B']),
    report('b', '2024-03-02T00:00:00.000Z', ['A']),
    report('a', '2024-01-02T23:00:00.000Z', ['A']),
    report('z', null, ['A']),
  ];
  const points = pointsOf(newestFirst, (day) => day);
  expect(points.map(({ day, report: { id } }) => [day, id])).toEqual([
    ['2024-01-02', 'c'],
    ['2024-03-02', 'b'],
    ['2024-05-05', 'z'],
  ]);
});

it('names the segments of the latest report first', () => {
  const points = pointsOf(
    [
      report('b', '2024-03-02T00:00:00.000Z', ['B', 'A']),
      report('a', '2024-01-02T00:00:00.000Z', ['C', 'A']),
    ],
    (day) => day,
  );
  expect(segmentNames(points)).toEqual(['B', 'A', 'C']);
});

it('leaves reports of single stores out where there are others', () => {
  const ofStore = report('s', null, [], 'store');
  const overall = report('o', null, []);
  expect(comparable([ofStore, overall])).toEqual([overall]);
  expect(comparable([ofStore])).toEqual([ofStore]);
});
