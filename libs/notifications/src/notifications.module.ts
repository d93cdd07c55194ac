import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { TasksModule } from '@app/tasks';
import { NotificationChoices } from './choices/notification-choices.js';
import { Deliveries } from './deliveries/deliveries.js';
import { DeliveryEntity } from './deliveries/delivery.entity.js';
import { DeliveryHandler } from './deliveries/delivery.handler.js';
import { MailChannel } from './mail/mail-channel.js';
import { Mailer } from './mail/mailer.js';
import { TaskNews } from './news/task-news.js';
import { NoticeBoard } from './notices/notice-board.js';
import { NoticeEntity } from './notices/notice.entity.js';
import { NotificationInbox } from './notification-inbox.js';
import { NotificationService } from './notification.service.js';

/** For both apps: workers announce and deliver, the api shows and lets choose. */
@Module({
  imports: [TypeOrmModule.forFeature([NoticeEntity, DeliveryEntity]), AuditModule, TasksModule],
  providers: [
    NoticeBoard,
    NotificationChoices,
    NotificationService,
    NotificationInbox,
    Deliveries,
    DeliveryHandler,
    Mailer,
    MailChannel,
    TaskNews,
  ],
  exports: [NoticeBoard, NotificationChoices, NotificationService, Deliveries, DeliveryHandler, Mailer],
})
export class NotificationsModule {}
