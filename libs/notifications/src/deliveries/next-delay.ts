const LONGEST_DELAY_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds to wait after an attempt, from 1; null where it was the last. A receiver that asks for more time gets it, up
 * to a day.
 * @param retrySeconds the pauses after the first attempt, the second and so on
 * @param retryAfterMs what the receiver asked for; 0 for nothing
 */
export function nextDelayMs(
  retrySeconds: readonly number[],
  attempt: number,
  retryAfterMs: number,
): number | null {
  const seconds = retrySeconds[attempt - 1];
  if (seconds === undefined) return null;
  return Math.max(seconds * 1000, Math.min(retryAfterMs, LONGEST_DELAY_MS));
}
