import { describe, expect, it } from 'vitest';
import { lockSeconds } from './login-throttle.js';

describe('S10: lockSeconds', () => {
  it('doubles from one second to a quarter of an hour', () => {
    expect([0, 1, 2, 5, 9, 10, 11, 5000].map(lockSeconds)).toEqual([1, 2, 4, 32, 512, 900, 900, 900]);
  });

  it('lets nobody make 10,000 guesses at one account in a day', () => {
    let seconds = 0;
    let guesses = 0;
    while (seconds < 24 * 3600) seconds += lockSeconds(guesses++);
    expect(guesses).toBeLessThan(120);
  });
});
