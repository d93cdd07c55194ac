import type { ReportSummary } from '@app/api-client';
import { expect, it } from 'vitest';
import { othersOf } from './comparable-reports.js';

const report = (id: string, minute: number, storeId: string | null = null, status = 'succeeded') =>
  ({ id, storeId, status, createdAt: `2024-01-01T00:0${minute}:00.000Z` }) as ReportSummary;

it('offers earlier reports of the same shops first, and none that is not finished', () => {
  const newestFirst = [
    report('later', 5),
    report('child', 4, 'store'),
    report('itself', 3),
    report('failed', 2, null, 'failed'),
    report('before', 2),
    report('first', 1),
  ];
  const ids = othersOf(report('itself', 3), newestFirst).map(({ id }) => id);
  expect(ids).toEqual(['before', 'first', 'later']);
});
