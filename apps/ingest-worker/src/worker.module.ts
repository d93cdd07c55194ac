import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { type Settings, SettingsModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { SweepModule, WORKER_DUTIES, type WorkerDuties, WorkerPresence } from '@app/inspection';
import { type Logger, LoggingModule } from '@app/logging';
import { ScheduleWorkerModule } from '@app/schedules';
import { TaskWorkerModule } from '@app/tasks';
import { HealthController } from './health/health.controller.js';
import { READINESS } from './health/readiness.provider.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { Consumers } from './tasks/consumers.js';
import { takenQueues } from './tasks/taken-queues.js';
import { TaskController } from './tasks/task.controller.js';

/** A module whose providers register handlers in TaskHandlers. */
export type WorkModule = Type | DynamicModule;

@Module({})
export class WorkerModule {
  static forRoot(settings: Settings, logger: Logger, work: readonly WorkModule[]): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forRoot(logger),
        DatabaseModule.forRoot(),
        TaskWorkerModule,
        ScheduleWorkerModule,
        SweepModule,
        ...work,
      ],
      controllers: [TaskController, HealthController, MetricsController],
      providers: [
        Consumers,
        READINESS,
        WorkerPresence,
        {
          provide: WORKER_DUTIES,
          useFactory: (): WorkerDuties => ({
            queues: takenQueues(settings),
            concurrency: settings.worker.concurrency,
          }),
        },
      ],
    };
  }
}
