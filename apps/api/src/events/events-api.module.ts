import { Module } from '@nestjs/common';
import { BroadcastListenerModule } from '@app/messaging';
import { NotificationsModule } from '@app/notifications';
import { StreamModule } from '@app/stream';
import { CallerEvents } from './caller-events.js';
import { EventFeed } from './event-feed.js';
import { EventsController } from './events.controller.js';

@Module({
  imports: [BroadcastListenerModule, NotificationsModule, StreamModule],
  controllers: [EventsController],
  providers: [CallerEvents, EventFeed],
})
export class EventsApiModule {}
