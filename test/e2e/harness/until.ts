import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until `probe` gives something truthy, and returns that. */
export async function until<Value>(
  what: string,
  probe: () => Promise<Value | undefined | null | false>,
  timeoutMs = 60_000,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    await delay(50);
  }
}
