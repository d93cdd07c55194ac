import { AnswerCache, type AnswerKey, createStore } from '@app/cache';
import { createCache } from 'cache-manager';
import type { Keyv } from 'keyv';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';

const redisUrl = process.env['REDIS_URL'];
const controlUrl = process.env['SERVICES_CONTROL_URL'];
const MAX_ANSWER_MS = 1500;

const stores: Keyv[] = [];
const open = (url = redisUrl): AnswerCache => {
  const store = createStore(url, () => undefined);
  stores.push(store);
  return new AnswerCache(createCache({ stores: [store] }));
};
const someKey = (): AnswerKey => ({ customerId: randomUUID(), kind: 'rows', version: '1' });
const control = async (order: string): Promise<void> => {
  const { status } = await fetch(`${controlUrl}/${order}/redis`, { method: 'POST' });
  if (status !== 204) throw new Error(`redis could not be told to ${order}`);
};

async function isKept(cache: AnswerCache, key: AnswerKey): Promise<boolean> {
  const { hit } = await cache.wrap(key, async () => 'computed');
  return hit;
}

/** Asks until the answer comes from the cache; keeping it is not waited for. */
async function untilKept(cache: AnswerCache, key: AnswerKey, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isKept(cache, key))) {
    if (Date.now() > deadline) throw new Error('the answer was never kept');
    // The connection needs the event loop to come back.
    await setTimeout(20);
  }
}

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.disconnect().catch(() => undefined)));
});

describe.skipIf(redisUrl === undefined)('AnswerCache over Redis', () => {
  it('keeps an answer for every process', async () => {
    const key = someKey();
    await untilKept(open(), key);
    expect(await open().wrap(key, async () => 'other')).toEqual({ value: 'computed', hit: true });
  });

  it('does not mix up tenants', async () => {
    const cache = open();
    const key = someKey();
    await untilKept(cache, key);
    expect(await isKept(cache, { ...key, customerId: randomUUID() })).toBe(false);
  });

  it('answers where nothing listens', async () => {
    const started = performance.now();
    expect(await isKept(open('redis://127.0.0.1:9'), someKey())).toBe(false);
    expect(performance.now() - started).toBeLessThan(MAX_ANSWER_MS);
  });

  it.skipIf(controlUrl === undefined)(
    'answers while Redis is stopped, and keeps answers again once it is back',
    async () => {
      const cache = open();
      await untilKept(cache, someKey());
      await control('stop');
      try {
        for (let time = 0; time < 3; time += 1) {
          const started = performance.now();
          expect(await isKept(cache, someKey())).toBe(false);
          expect(performance.now() - started).toBeLessThan(MAX_ANSWER_MS);
        }
      } finally {
        await control('start');
      }
      await untilKept(cache, someKey());
    },
  );
});
