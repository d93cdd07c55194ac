import { type DynamicModule, Module } from '@nestjs/common';
import { type Settings, SettingsModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { type Logger, LoggingModule } from '@app/logging';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';

@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(settings),
        LoggingModule.forRoot(logger),
        DatabaseModule.forRoot(),
        HttpModule,
        HealthModule,
      ],
    };
  }
}
