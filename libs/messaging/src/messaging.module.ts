import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Broadcast } from './broadcast/broadcast.js';
import { Outbox } from './outbox.js';
import { OutboxEntry } from './outbox-entry.entity.js';
import { OutboxRelay } from './outbox-relay.js';
import { Publisher } from './publisher.js';

/** Sending: the outbox and the relay that empties it. Receiving is {@link ReliableRmqServer}. */
@Module({
  imports: [TypeOrmModule.forFeature([OutboxEntry])],
  providers: [Publisher, OutboxRelay, Outbox, Broadcast],
  exports: [Publisher, Outbox, Broadcast],
})
export class MessagingModule {}
