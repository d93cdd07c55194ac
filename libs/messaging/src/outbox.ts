import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OutboxEntry } from './outbox-entry.entity.js';
import { OutboxRelay } from './outbox-relay.js';

export interface OutgoingMessage {
  queue: string;
  message: object;
  requestId?: string;
}

/**
 * Messages that are sent if, and only if, a transaction commits: they are rows of it, and the relay sends them
 * afterwards, as often as it takes.
 */
@Injectable()
export class Outbox {
  constructor(private readonly relay: OutboxRelay) {}

  async add(manager: EntityManager, entry: OutgoingMessage): Promise<void> {
    await manager.insert(OutboxEntry, {
      queue: entry.queue,
      message: entry.message,
      requestId: entry.requestId ?? null,
    });
  }

  /** To be called after the commit: the relay then need not wait for its next round. */
  wake(): void {
    this.relay.wake();
  }
}
