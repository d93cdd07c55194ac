import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;
const PATIENCE_MS = 40_000;

/** Waits until `condition` holds; fails with `what` where it does not in 40 seconds. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(POLL_MS)) {
    if (await condition()) return;
  }
  throw new Error(`Not in ${patienceMs / 1000} s: ${what}`);
}
