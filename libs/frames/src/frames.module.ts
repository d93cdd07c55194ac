import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import type { Connection } from 'mongoose';
import { DuckEngine } from './engine/duck-engine.js';
import { FindingLists } from './findings/finding-lists.js';
import { FrameIngest } from './ingest/frame-ingest.js';
import { FrameCache } from './model/frame-cache.js';
import { FRAME_STORE, frameStoreOptions } from './model/frame-store.js';
import { FrameRepository } from './model/frame.repository.js';
import { FramePublisher } from './model/frame-publisher.js';
import { FrameWriter } from './model/frame-writer.js';
import { FrameExport } from './query/export/frame-export.js';
import { FrameFold } from './query/fold/frame-fold.js';
import { FrameLinks } from './query/linked/frame-links.js';
import { FrameNesting } from './query/linked/frame-nesting.js';
import { FrameQuery } from './query/frame-query.js';
import { FrameProfiler } from './query/profile/frame-profiler.js';
import { FrameStats } from './query/questions/frame-stats.js';
import { FrameValues } from './query/questions/frame-values.js';

export interface FramesOptions {
  /** DuckDB's own limit, some 40 % of what the process may take. */
  memoryLimitMegabytes: (settings: Settings) => number;
  /** The same while there is work on large tables; undefined: no more. */
  largeMemoryLimitMegabytes?: (settings: Settings) => number;
}

/** Queries that still run would keep the process from exiting. */
@Injectable()
class EngineShutdown implements OnApplicationShutdown {
  constructor(@Inject(DuckEngine) private readonly engine: DuckEngine) {}

  onApplicationShutdown(): void {
    this.engine.close();
  }
}

@Module({})
export class FramesModule {
  static forRoot({ memoryLimitMegabytes, largeMemoryLimitMegabytes }: FramesOptions): DynamicModule {
    const questions = [
      FrameQuery,
      FrameStats,
      FrameValues,
      FrameProfiler,
      FrameExport,
      FrameLinks,
      FrameNesting,
    ];
    const provided = [
      DuckEngine,
      FrameCache,
      FrameRepository,
      FrameIngest,
      FindingLists,
      FrameWriter,
      FrameFold,
      ...questions,
    ];
    return {
      module: FramesModule,
      global: true,
      imports: [
        MongooseModule.forRootAsync({
          inject: [SETTINGS, LOGGER],
          useFactory: ({ services }: Settings, logger: Logger) => ({
            uri: services.mongoUrl,
            ...frameStoreOptions(services.mongoUrl).options,
            // An app starts without MongoDB and says in its readiness that it is missing.
            lazyConnection: true,
            connectionFactory: (connection: Connection) =>
              connection.on('error', (error: Error) =>
                logger.warn({ error: error.message }, 'MongoDB is not reached'),
              ),
          }),
        }),
      ],
      providers: [
        {
          provide: DuckEngine,
          inject: [SETTINGS],
          useFactory: (settings: Settings) =>
            DuckEngine.create({
              dataDirectory: settings.dataDirectory,
              memoryLimitMegabytes: memoryLimitMegabytes(settings),
              largeMemoryLimitMegabytes: largeMemoryLimitMegabytes?.(settings),
              gate: {
                running: settings.engine.queriesRunning,
                waiting: settings.engine.queriesWaiting,
                waitMilliseconds: settings.engine.queryWaitSeconds * 1000,
              },
            }),
        },
        {
          provide: FrameCache,
          inject: [SETTINGS, DuckEngine],
          useFactory: ({ files }: Settings, engine: DuckEngine) =>
            new FrameCache(engine.cacheDirectory, files.frameCacheBytes),
        },
        {
          provide: FRAME_STORE,
          inject: [SETTINGS],
          useFactory: ({ services }: Settings) => frameStoreOptions(services.mongoUrl),
        },
        FrameRepository,
        FramePublisher,
        FrameWriter,
        FrameIngest,
        FindingLists,
        FrameFold,
        ...questions,
        EngineShutdown,
      ],
      exports: provided,
    };
  }
}
