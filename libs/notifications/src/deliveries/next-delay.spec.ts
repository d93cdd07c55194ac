import { environmentSchema } from '@app/config';
import { describe, expect, test } from 'vitest';
import { nextDelayMs } from './next-delay.js';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('D12: the pauses between attempts', () => {
  const pauses = environmentSchema.parse({}).DELIVERY_RETRY_SECONDS.split(',').map(Number);

  test('are nine, hence ten attempts over three days', () => {
    expect(pauses).toHaveLength(9);
    const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3600;
    expect(hours).toBeGreaterThan(72);
    expect(hours).toBeLessThan(80);
  });

  test('come in order, and none after the last', () => {
    expect(nextDelayMs([5, 300], 1, 0)).toBe(5000);
    expect(nextDelayMs([5, 300], 2, 0)).toBe(300_000);
    expect(nextDelayMs([5, 300], 3, 0)).toBeNull();
  });

  test('are as long as the receiver asks for, never shorter, and a day at most', () => {
    expect(nextDelayMs([5], 1, 60_000)).toBe(60_000);
    expect(nextDelayMs([5], 1, 1000)).toBe(5000);
    expect(nextDelayMs([5], 1, 10 * DAY_MS)).toBe(DAY_MS);
  });
});
