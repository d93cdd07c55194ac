import { expect, test } from 'vitest';
import { hasToken } from './token.js';

test.each([
  ['Bearer secret-of-metrics', true],
  ['bearer  secret-of-metrics', true],
  ['Bearer secret-of-metric', false],
  ['Bearer ', false],
  ['secret-of-metrics', false],
  [undefined, false],
])('%o opens the metrics: %s', (authorization, opens) => {
  expect(hasToken(authorization, 'secret-of-metrics')).toBe(opens);
});

test('without a token set nothing opens them', () => {
  expect(hasToken('Bearer undefined', undefined)).toBe(false);
  expect(hasToken(undefined, undefined)).toBe(false);
});
