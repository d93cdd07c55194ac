import { type DynamicModule, Module } from '@nestjs/common';
import { Cache, CacheModule } from '@nestjs/cache-manager';
import { Keyv } from 'keyv';
import KeyvRedis from '@keyv/redis';
import type { Logger } from 'pino';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER } from '@app/logging';
import { AnswerCache } from './answer-cache.js';
import { BoundedMap } from './bounded-map.js';

/** A day: entries are never stale, they only shall not pile up. */
const TIME_TO_LIVE_MS = 86_400_000;
/** Answers kept where there is no Redis; beyond that the oldest go. */
const MAX_IN_MEMORY = 200;
const CONNECT_MS = 1000;
const MAX_RECONNECT_DELAY_MS = 5000;

/** Without an offline queue and with short time-outs a stopped Redis is a miss within a second, not a hang. */
export function createStore(redisUrl: string | undefined, onError: (error: Error) => void): Keyv {
  if (redisUrl === undefined) {
    return new Keyv({ store: new BoundedMap<string, unknown>(MAX_IN_MEMORY), ttl: TIME_TO_LIVE_MS });
  }
  const adapter = new KeyvRedis(
    {
      url: redisUrl,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (attempt: number) => Math.min(attempt * 200, MAX_RECONNECT_DELAY_MS),
      },
    },
    { namespace: 'datacore', throwOnConnectError: false, connectionTimeout: CONNECT_MS },
  );
  const store = new Keyv({ store: adapter, ttl: TIME_TO_LIVE_MS, useKeyPrefix: false });
  store.on('error', onError);
  return store;
}

@Module({})
export class AnswerCacheModule {
  /** Redis where `REDIS_URL` is set, else the memory of the process. */
  static forRoot(): DynamicModule {
    return {
      module: AnswerCacheModule,
      global: true,
      imports: [
        CacheModule.registerAsync({
          inject: [SETTINGS, LOGGER],
          useFactory: (settings: Settings, logger: Logger) => ({
            stores: [
              createStore(settings.services.redisUrl, (error) =>
                logger.warn({ error: error.message }, 'The cache does not answer; answers are computed.'),
              ),
            ],
          }),
        }),
      ],
      providers: [
        { provide: AnswerCache, inject: [Cache], useFactory: (cache: Cache) => new AnswerCache(cache) },
      ],
      exports: [AnswerCache],
    };
  }
}
