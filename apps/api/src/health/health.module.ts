import { Module } from '@nestjs/common';
import { AnswerCache } from '@app/cache';
import { SETTINGS, type Settings } from '@app/config';
import { FrameRepository } from '@app/frames';
import { postgresDependency, Readiness, storageDependency } from '@app/health';
import { MessagingModule, Publisher } from '@app/messaging';
import { Mailer, NotificationsModule } from '@app/notifications';
import { DataSource } from 'typeorm';
import { HealthController } from './health.controller.js';

/** Without MongoDB rows cannot be read, without RabbitMQ tasks wait, without Redis answers are computed again, without SMTP mails wait. */
@Module({
  imports: [MessagingModule, NotificationsModule],
  controllers: [HealthController],
  exports: [Readiness],
  providers: [
    {
      provide: Readiness,
      inject: [SETTINGS, DataSource, FrameRepository, Publisher, AnswerCache, Mailer],
      useFactory: (
        settings: Settings,
        dataSource: DataSource,
        frames: FrameRepository,
        publisher: Publisher,
        cache: AnswerCache,
        mailer: Mailer,
      ) =>
        new Readiness([
          postgresDependency(dataSource),
          storageDependency(settings.dataDirectory),
          { name: 'mongodb', needed: false, check: () => frames.ping() },
          { name: 'rabbitmq', needed: false, check: async () => publisher.assertConnected() },
          ...(settings.services.redisUrl === undefined
            ? []
            : [{ name: 'redis', needed: false, check: () => cache.ping() }]),
          ...(mailer.isConfigured ? [{ name: 'smtp', needed: false, check: () => mailer.ping() }] : []),
        ]),
    },
  ],
})
export class HealthModule {}
