import { Module } from '@nestjs/common';
import { NotificationsModule } from '@app/notifications';
import { NotificationChoicesController } from './notification-choices.controller.js';
import { NotificationsController } from './notifications.controller.js';

@Module({
  imports: [NotificationsModule],
  controllers: [NotificationsController, NotificationChoicesController],
})
export class NotificationsApiModule {}
