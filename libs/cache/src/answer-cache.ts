import { createHash } from 'node:crypto';
import type { Cache } from 'cache-manager';

/** Names one answer. The tenant is part of it, so that two customers never share an entry. */
export interface AnswerKey {
  customerId: string;
  /** What is answered, such as `rows` or `report`. */
  kind: string;
  /** Id of the immutable data behind the answer: a visible set or a fingerprint. */
  version: string;
  /** The normalised query, where the same data can be asked in several ways. */
  query?: unknown;
}

export interface Answer<T> {
  value: T;
  hit: boolean;
}

export interface KeptAnswer extends Omit<AnswerKey, 'query'> {
  name: string;
  value: unknown;
}

/** As {@link keyText} makes them. */
const KEY = /^(?<customerId>[0-9a-f-]{36}):(?<kind>[^:]+):(?<version>.+):[0-9a-f]{64}$/;

/** After this many milliseconds a lookup counts as a miss: a slow cache is worse than none. */
const LOOKUP_MS = 500;
const PING_LIFETIME_MS = 2000;

const keyText = ({ customerId, kind, version, query }: AnswerKey): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify(query ?? null))
    .digest('hex');
  return `${customerId}:${kind}:${version}:${digest}`;
};

/** Keyv keeps values as JSON beside their end. */
function valueOf(raw: unknown): unknown {
  const entry: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw;
  const text = (entry as { value?: unknown } | null)?.value;
  return typeof text === 'string' ? JSON.parse(text) : undefined;
}

interface KeptText<T> {
  text: string;
  hit: boolean;
  /** What the text was made of, where it was computed just now. */
  computed?: T;
}

/**
 * Keeps finished answers over immutable data. The key names the data, so an entry is never stale; the time
 * to live only bounds the memory. A cache that is down or slow costs a computation, never an error.
 *
 * Kept is the answer's JSON as one text: Keyv then need not look through all of its members, nor a reader that sends
 * it on as it is.
 */
export class AnswerCache {
  private readonly computing = new Map<string, Promise<KeptText<unknown>>>();

  constructor(private readonly cache: Cache) {}

  /**
   * The kept answer, else the computed one, which is kept for later. Equal questions asked at the same time
   * in this process are computed once. Values must survive JSON.
   * @throws whatever `compute` throws; nothing is kept then.
   */
  async wrap<T>(key: AnswerKey, compute: () => Promise<T>): Promise<Answer<T>> {
    const { text, hit, computed } = await this.text(key, compute);
    return { value: computed ?? (JSON.parse(text) as T), hit };
  }

  /** As {@link wrap}, as JSON. */
  async wrapText(key: AnswerKey, compute: () => Promise<unknown>): Promise<string> {
    return (await this.text(key, compute)).text;
  }

  /** Every answer that is kept in Redis, for checks. Nothing where answers are kept in memory, or Redis is down. */
  async *kept(): AsyncGenerator<KeptAnswer> {
    for (const { store, namespace } of this.cache.stores) {
      const scan = (store as { iterator?: (space?: string) => AsyncIterable<[string, unknown]> }).iterator;
      if (scan === undefined) continue;
      try {
        for await (const [name, raw] of scan.call(store, namespace)) {
          const parts = KEY.exec(name)?.groups;
          if (parts === undefined) continue;
          const { customerId = '', kind = '', version = '' } = parts;
          yield { name, customerId, kind, version, value: valueOf(raw) };
        }
      } catch {
        return;
      }
    }
  }

  /** @throws where the cache does not keep what it is given */
  async ping(): Promise<void> {
    await this.cache.set('ping', true, PING_LIFETIME_MS);
    if ((await this.lookUp('ping')) === undefined) throw new Error('The cache does not answer.');
  }

  private async text<T>(key: AnswerKey, compute: () => Promise<T>): Promise<KeptText<T>> {
    const name = keyText(key);
    const running = this.computing.get(name);
    if (running !== undefined) return running as Promise<KeptText<T>>;
    const answer = this.lookUpOrCompute(name, compute).finally(() => this.computing.delete(name));
    this.computing.set(name, answer);
    return answer;
  }

  private async lookUpOrCompute<T>(name: string, compute: () => Promise<T>): Promise<KeptText<T>> {
    const kept = await this.lookUp(name);
    if (typeof kept === 'string') return { text: kept, hit: true };
    const computed = await compute();
    const text = JSON.stringify(computed);
    // Not awaited and never failing: the caller's answer does not depend on the cache.
    void this.cache.set(name, text).catch(() => undefined);
    return { text, hit: false, computed };
  }

  private async lookUp(name: string): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), LOOKUP_MS);
    });
    try {
      return await Promise.race([this.cache.get<unknown>(name), tooSlow]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
