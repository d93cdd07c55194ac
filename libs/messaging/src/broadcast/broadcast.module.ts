import { Module } from '@nestjs/common';
import { BroadcastListener } from './broadcast-listener.js';

/** Hearing of changes: for processes with clients that wait for them. */
@Module({ providers: [BroadcastListener], exports: [BroadcastListener] })
export class BroadcastListenerModule {}
