const DELAYS_MS = [1000, 5000, 30_000, 120_000, 600_000] as const;
const JITTER = 0.2;

/**
 * Milliseconds to wait after the given attempt (from 1) before the next: 1 s, 5 s, 30 s, 2 min, then 10 min, each
 * up to a fifth more or less, so that tasks which failed together do not return together.
 * @param random a number in [0, 1)
 */
export function retryDelayMs(attempt: number, random = Math.random()): number {
  const delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length) - 1] ?? DELAYS_MS[0];
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}
