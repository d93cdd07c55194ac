import { DatasetsModule } from '@app/datasets';
import { FramesModule } from '@app/frames';
import { NotificationsModule } from '@app/notifications';
import { ReportSchedulesModule } from '@app/report-schedules';
import { ReportsModule } from '@app/reports';
import { WebhooksModule } from '@app/webhooks';
import { SourcesModule } from '@app/sources';
import type { WorkModule } from './worker.module.js';

/** The libs whose tasks workers do, and what these need. */
export const WORK: readonly WorkModule[] = [
  FramesModule.forRoot({
    memoryLimitMegabytes: ({ engine }) => engine.ingestMegabytes.usual,
    largeMemoryLimitMegabytes: ({ engine }) =>
      Math.max(engine.ingestMegabytes.usual, engine.ingestMegabytes.large),
  }),
  DatasetsModule,
  ReportsModule,
  NotificationsModule,
  WebhooksModule,
  SourcesModule,
  ReportSchedulesModule,
];
