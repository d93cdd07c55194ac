import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { failpoint } from '@app/failpoints';
import { LOGGER, type Logger } from '@app/logging';
import { DataSource, In, IsNull, LessThan } from 'typeorm';
import { OutboxEntry } from './outbox-entry.entity.js';
import { Publisher } from './publisher.js';

const POLL_MS = 1000;
const BATCH_SIZE = 100;
const KEEP_SENT_MS = 24 * 60 * 60 * 1000;
const PURGE_EVERY_MS = 60 * 60 * 1000;

/**
 * Sends what stands in the outbox, oldest first, and marks an entry only once the broker has confirmed it. Any
 * number of processes may do so at once. A crash between confirm and mark sends an entry twice, which is harmless.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private wokenWhileRunning = false;
  private stopped = false;
  private failing = false;
  private purgedAt = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.publisher.onConnected(() => this.wake());
    this.wake();
  }

  /** Comes after tasks have been drained, and sends what they left. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
    await this.round();
  }

  /** Starts a round now, or right after the one that runs. */
  wake(): void {
    if (this.stopped) return;
    if (this.running !== undefined) {
      this.wokenWhileRunning = true;
      return;
    }
    clearTimeout(this.timer);
    this.wokenWhileRunning = false;
    this.running = this.round().finally(() => {
      this.running = undefined;
      if (this.wokenWhileRunning) this.wake();
      else if (!this.stopped) this.timer = setTimeout(() => this.wake(), POLL_MS);
    });
  }

  private async round(): Promise<void> {
    if (!this.publisher.isConnected) return;
    try {
      while ((await this.sendBatch()) === BATCH_SIZE && !this.stopped);
      await this.purge();
      if (this.failing) this.logger.info('messages are being sent again');
      this.failing = false;
    } catch (err) {
      // Said once, not every second of an outage.
      if (!this.failing)
        this.logger.warn({ err }, 'messages could not be sent; they are kept and tried again');
      this.failing = true;
    }
  }

  /** @returns how many entries were sent */
  private async sendBatch(): Promise<number> {
    const { sent, error } = await this.dataSource.transaction(async (manager) => {
      const entries = await manager.find(OutboxEntry, {
        where: { sentAt: IsNull() },
        order: { id: 'ASC' },
        take: BATCH_SIZE,
        lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
      });
      if (entries.length > 0) failpoint('outbox.before-publish');
      const outcomes = await Promise.allSettled(
        entries.map(({ id, queue, message, requestId }) =>
          this.publisher.publish({ queue, message, requestId, messageId: `outbox-${id}` }),
        ),
      );
      const confirmed = entries.filter((_entry, index) => outcomes[index]?.status === 'fulfilled');
      if (confirmed.length > 0) {
        failpoint('outbox.confirmed');
        await manager.update(
          OutboxEntry,
          { id: In(confirmed.map(({ id }) => id)) },
          { sentAt: () => 'now()' },
        );
      }
      // Thrown only after the commit: what was confirmed stays marked.
      const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
      return { sent: confirmed.length, error: rejected?.reason as Error | undefined };
    });
    if (error !== undefined) throw error;
    return sent;
  }

  private async purge(): Promise<void> {
    if (Date.now() - this.purgedAt < PURGE_EVERY_MS) return;
    await this.dataSource.manager.delete(OutboxEntry, {
      sentAt: LessThan(new Date(Date.now() - KEEP_SENT_MS)),
    });
    this.purgedAt = Date.now();
  }
}
