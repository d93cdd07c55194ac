import { Module } from '@nestjs/common';
import { NotificationsModule } from '@app/notifications';
import { WebhooksModule } from '@app/webhooks';
import { DeliveriesController } from './deliveries.controller.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [NotificationsModule, WebhooksModule],
  controllers: [WebhooksController, DeliveriesController],
})
export class WebhooksApiModule {}
