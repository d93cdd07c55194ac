import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { postgresDependency, Readiness, storageDependency } from '@app/health';
import { DataSource } from 'typeorm';
import { HealthController } from './health.controller.js';

@Module({
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      inject: [SETTINGS, DataSource],
      useFactory: (settings: Settings, dataSource: DataSource) =>
        new Readiness([postgresDependency(dataSource), storageDependency(settings.dataDirectory)]),
    },
  ],
})
export class HealthModule {}
