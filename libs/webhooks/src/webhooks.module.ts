import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { NotificationsModule } from '@app/notifications';
import { TasksModule } from '@app/tasks';
import { Sender } from './targets/sender.js';
import { WebhookChannel } from './webhook-channel.js';
import { WebhookEntity } from './webhook.entity.js';
import { WebhookService } from './webhook.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([WebhookEntity]), AuditModule, NotificationsModule, TasksModule],
  providers: [Sender, WebhookChannel, WebhookService],
  exports: [WebhookService],
})
export class WebhooksModule {}
