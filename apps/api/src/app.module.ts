import { type DynamicModule, Module } from '@nestjs/common';
import { AnswerCacheModule } from '@app/cache';
import { type Settings, SettingsModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { FramesModule } from '@app/frames';
import { type Logger, LoggingModule } from '@app/logging';
import { AccessModule } from './access/index.js';
import { AdministrationModule } from './administration/administration.module.js';
import { ApiKeysApiModule } from './api-keys/api-keys-api.module.js';
import { AuthApiModule } from './auth/auth-api.module.js';
import { BundlesApiModule } from './bundles/bundles-api.module.js';
import { CustomersApiModule } from './customers/customers-api.module.js';
import { DatasetsApiModule } from './datasets/datasets-api.module.js';
import { DownloadsApiModule } from './downloads/downloads-api.module.js';
import { EventsApiModule } from './events/events-api.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { LinksApiModule } from './links/links-api.module.js';
import { NotificationsApiModule } from './notifications/notifications-api.module.js';
import { ReportSchedulesApiModule } from './report-schedules/report-schedules-api.module.js';
import { ReportsApiModule } from './reports/reports-api.module.js';
import { SourcesApiModule } from './sources/sources-api.module.js';
import { StoresApiModule } from './stores/stores-api.module.js';
import { TasksApiModule } from './tasks/tasks-api.module.js';
import { UsersApiModule } from './users/users-api.module.js';
import { WebhooksApiModule } from './webhooks/webhooks-api.module.js';

@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forRoot(logger),
        DatabaseModule.forRoot(),
        AnswerCacheModule.forRoot(),
        FramesModule.forRoot({ memoryLimitMegabytes: ({ engine }) => engine.queryMegabytes }),
        HttpModule,
        AccessModule,
        HealthModule,
        AuthApiModule,
        UsersApiModule,
        ApiKeysApiModule,
        CustomersApiModule,
        StoresApiModule,
        DatasetsApiModule,
        DownloadsApiModule,
        LinksApiModule,
        BundlesApiModule,
        TasksApiModule,
        ReportsApiModule,
        ReportSchedulesApiModule,
        NotificationsApiModule,
        WebhooksApiModule,
        EventsApiModule,
        SourcesApiModule,
        AdministrationModule,
      ],
    };
  }
}
