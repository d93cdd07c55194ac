import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { describe, expect, it } from 'vitest';
import { AnswerCache, type AnswerKey } from './answer-cache.js';
import { BoundedMap } from './bounded-map.js';

const key: AnswerKey = { customerId: 'a', kind: 'rows', version: '1', query: { page: 1 } };
const inMemory = () => new AnswerCache(createCache({ stores: [new Keyv({ store: new Map() })] }));
/** A store whose every call does as told. */
const withStore = (call: () => Promise<never>) =>
  new AnswerCache({ get: call, set: call } as unknown as ReturnType<typeof createCache>);

describe('AnswerCache', () => {
  it('computes once and keeps the answer, byte by byte', async () => {
    const cache = inMemory();
    const value = { a: 0.1 + 0.2, list: [null, 'ä'], tiny: 5e-324 };
    expect(await cache.wrap(key, async () => value)).toEqual({ value, hit: false });
    const kept = await cache.wrap(key, () => Promise.reject(new Error('computed twice')));
    expect(kept.hit).toBe(true);
    expect(JSON.stringify(kept.value)).toBe(JSON.stringify(value));
  });

  it.each<[string, Partial<AnswerKey>]>([
    ['another customer', { customerId: 'b' }],
    ['another version of the data', { version: '2' }],
    ['another query', { query: { page: 2 } }],
    ['another kind of question', { kind: 'stats' }],
  ])('does not answer %s', async (_, change) => {
    const cache = inMemory();
    await cache.wrap(key, async () => 1);
    expect(await cache.wrap({ ...key, ...change }, async () => 2)).toEqual({ value: 2, hit: false });
  });

  it('computes equal questions at the same time once', async () => {
    const cache = inMemory();
    let computed = 0;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => cache.wrap(key, async () => (computed += 1))),
    );
    expect(computed).toBe(1);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set([1]));
  });

  it('keeps nothing of a failed computation', async () => {
    const cache = inMemory();
    await expect(cache.wrap(key, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.wrap(key, async () => 1)).toEqual({ value: 1, hit: false });
  });

  it('answers where the store fails', async () => {
    const cache = withStore(() => Promise.reject(new Error('down')));
    expect(await cache.wrap(key, async () => 1)).toEqual({ value: 1, hit: false });
  });

  it('answers within a second where the store hangs', async () => {
    const cache = withStore(() => new Promise<never>(() => undefined));
    const started = performance.now();
    expect(await cache.wrap(key, async () => 1)).toEqual({ value: 1, hit: false });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('BoundedMap', () => {
  it('forgets the oldest', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
    expect([...map]).toEqual([
      ['a', 3],
      ['c', 4],
    ]);
  });
});
