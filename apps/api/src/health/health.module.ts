import { Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { FrameRepository } from '@app/frames';
import { postgresDependency, Readiness, storageDependency } from '@app/health';
import { MessagingModule, Publisher } from '@app/messaging';
import { DataSource } from 'typeorm';
import { HealthController } from './health.controller.js';

/** Without MongoDB rows cannot be read, and without RabbitMQ tasks wait; everything else works on. */
@Module({
  imports: [MessagingModule],
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      inject: [SETTINGS, DataSource, FrameRepository, Publisher],
      useFactory: (
        settings: Settings,
        dataSource: DataSource,
        frames: FrameRepository,
        publisher: Publisher,
      ) =>
        new Readiness([
          postgresDependency(dataSource),
          storageDependency(settings.dataDirectory),
          { name: 'mongodb', needed: false, check: () => frames.ping() },
          { name: 'rabbitmq', needed: false, check: async () => publisher.assertConnected() },
        ]),
    },
  ],
})
export class HealthModule {}
