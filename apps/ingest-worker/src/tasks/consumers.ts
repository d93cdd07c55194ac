import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { ReliableRmqServer, type TaskKind } from '@app/messaging';
import { TaskHandlers } from '@app/tasks';
import { takenQueues } from './taken-queues.js';

// Beyond the grace period tasks are interrupted and given back, which takes a moment.
const INTERRUPTION_MS = 10_000;

/** The queues this worker takes from, one consumer each. */
@Injectable()
export class Consumers {
  readonly servers: readonly ReliableRmqServer[];
  readonly queues: readonly TaskKind[];
  /** How long {@link close} takes at most, in milliseconds. */
  readonly drainMs: number;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) logger: Logger,
    private readonly handlers: TaskHandlers,
  ) {
    this.queues = takenQueues(settings);
    this.drainMs = settings.tasks.shutdownGraceSeconds * 1000 + INTERRUPTION_MS;
    this.servers = this.queues.map(
      (queue) =>
        new ReliableRmqServer({
          url: settings.services.rabbitmqUrl,
          queue,
          concurrency: settings.worker.concurrency,
          drainMs: this.drainMs,
          logger,
        }),
    );
  }

  /** @throws Error where the worker would take messages that nothing here can handle. */
  assertHandled(): void {
    const missing = this.queues.filter((queue) => !this.handlers.has(queue));
    if (missing.length > 0) throw new Error(`Nothing here handles tasks of kind ${missing.join(', ')}.`);
  }

  /** Takes nothing new; resolves once what runs has ended or was given back. */
  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }

  /** @throws Error where a consumer is not registered at the broker. */
  assertConsuming(): void {
    if (!this.servers.every((server) => server.isConsuming)) throw new Error('A consumer is not registered.');
  }
}
