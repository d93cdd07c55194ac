import { expect, test } from 'vitest';
import { retryDelayMs } from './retry-delay.js';

test('D6: delays grow from a second to ten minutes and stay there', () => {
  const delays = [1, 2, 3, 4, 5, 6, 100].map((attempt) => retryDelayMs(attempt, 0.5));
  expect(delays).toEqual([1000, 5000, 30_000, 120_000, 600_000, 600_000, 600_000]);
});

test('D6: they vary by a fifth', () => {
  expect(retryDelayMs(1, 0)).toBe(800);
  expect(retryDelayMs(1, 0.999_999)).toBe(1200);
});
