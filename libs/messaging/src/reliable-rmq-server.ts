import { setTimeout as delay } from 'node:timers/promises';
import { RmqContext, ServerRMQ } from '@nestjs/microservices';
import { type Logger, runInContext } from '@app/logging';
import { counter } from '@app/metrics';
import type { AmqpConnectionManager, ChannelWrapper } from 'amqp-connection-manager';
import type { Channel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import { BROKER_CONNECTION, dropConnection } from './broker-connection.js';
import { within } from './deadline.js';
import { type Envelope, readEnvelope, requestIdOf } from './envelope.js';
import { declareQueue } from './topology.js';

const redeliveries = counter('datacore_redeliveries_total', 'Messages that came again.', ['queue']);

/** A message whose outcome could not be recorded comes back after this long, so that it does not spin. */
const REQUEUE_DELAY_MS = 5000;
const CLOSE_TIMEOUT_MS = 5000;
/** How long a consumer may be idle before it is made anew. */
const RENEW_IDLE_MS = 10_000;

export interface ReliableRmqServerOptions {
  url: string;
  queue: string;
  /** Messages handled at the same time. */
  concurrency: number;
  /** How long `close()` waits for running handlers, in milliseconds. */
  drainMs: number;
  logger: Logger;
}

/**
 * Nest's RabbitMQ transport made safe for work that must not be lost: messages are acknowledged only after their
 * handler is done, each exactly once and on the channel that delivered it; a handler that rejects means that the
 * outcome could not be recorded, and the message comes back; what is no message of ours is dead-lettered; a
 * cancelled consumer or a failed channel is replaced; closing waits for running handlers.
 *
 * An idle consumer is made anew every ten seconds: RabbitMQ 3.10 forgets the consumers of a quorum queue that is
 * deleted and declared again within 30 ms, without a word to them.
 */
export class ReliableRmqServer extends ServerRMQ {
  // The stream of a handler is awaited here, so that its failure is seen.
  override readonly propagatesEventHandlerErrors = true;
  private consumer: { channel: Channel; tag: string } | undefined;
  private readonly running = new Set<Promise<void>>();
  private closing = false;
  private idle = true;
  private renewals: NodeJS.Timeout | undefined;
  private renewal: Promise<void> = Promise.resolve();
  private readonly log: Logger;

  constructor(private readonly reliable: ReliableRmqServerOptions) {
    super({
      urls: [reliable.url],
      queue: reliable.queue,
      noAck: false,
      prefetchCount: reliable.concurrency,
      socketOptions: BROKER_CONNECTION,
    });
    this.log = reliable.logger.child({ queue: reliable.queue });
  }

  /** Whether the broker has registered this consumer. */
  get isConsuming(): boolean {
    return this.consumer !== undefined && !this.closing;
  }

  /** Does not wait for the broker: the consumer registers as soon as there is one. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    await this.start(() => undefined);
    this.unwrap<AmqpConnectionManager>().on('connect', () => {
      const wrapper = this.channel as ChannelWrapper;
      if (wrapper.listenerCount('error') > 0) return;
      wrapper.on('error', (err: unknown) => this.log.error({ err }, 'the consumer could not be set up'));
    });
    this.renewals = setInterval(() => {
      this.renewal = this.renewIdleConsumer();
    }, RENEW_IDLE_MS);
    callback();
  }

  override async setupChannel(channel: Channel): Promise<void> {
    // A channel that failed is followed by 'close'; only a new connection brings a new channel.
    channel.on('error', (err: unknown) => this.log.error({ err }, 'the consumer channel failed'));
    channel.once('close', () => this.lost(channel));
    await declareQueue(channel, this.queue);
    await channel.prefetch(this.reliable.concurrency);
    await this.consume(channel);
    this.log.info('consuming');
  }

  override async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.renewals);
    await orGiveUp(CLOSE_TIMEOUT_MS, this.renewal);
    if (this.consumer !== undefined) {
      const { channel, tag } = this.consumer;
      await orGiveUp(CLOSE_TIMEOUT_MS, channel.cancel(tag));
    }
    if (this.running.size > 0) this.log.info({ running: this.running.size }, 'waiting for running tasks');
    await orGiveUp(this.reliable.drainMs, Promise.all(this.running));
    await orGiveUp(CLOSE_TIMEOUT_MS, super.close());
  }

  private async consume(channel: Channel): Promise<void> {
    const deliver = (message: ConsumeMessage | null): void => this.deliver(message, channel);
    const { consumerTag } = await channel.consume(this.queue, deliver, { noAck: false });
    this.consumer = { channel, tag: consumerTag };
  }

  private async renewIdleConsumer(): Promise<void> {
    const { consumer, idle } = this;
    this.idle = this.running.size === 0;
    if (!idle || consumer === undefined) return;
    try {
      await this.consume(consumer.channel);
      await consumer.channel.cancel(consumer.tag);
    } catch (err) {
      this.log.debug({ err }, 'the channel was gone before its consumer was renewed');
    }
  }

  private lost(channel: Channel): void {
    if (this.consumer?.channel === channel) this.consumer = undefined;
    if (!this.closing) dropConnection(this.unwrap<AmqpConnectionManager>());
  }

  private deliver(message: ConsumeMessage | null, channel: Channel): void {
    if (message === null) {
      this.log.warn('the broker cancelled the consumer; connecting again');
      this.lost(channel);
      return;
    }
    // Left unsettled, it goes back to the queue when the channel closes.
    if (this.closing) return;
    this.idle = false;
    if (message.fields.redelivered) redeliveries.inc({ queue: this.queue });
    const work = this.receive(message, channel).finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async receive(message: ConsumeMessage, channel: Channel): Promise<void> {
    const envelope = readEnvelope(message.content);
    if (envelope === null || this.getHandlerByPattern(envelope.pattern) === null) {
      this.log.warn({ bytes: message.content.length }, 'a message that is none of ours was dead-lettered');
      this.settle(() => channel.nack(message, false, false));
      return;
    }
    await runInContext({ requestId: requestIdOf(message) }, async () => {
      try {
        await this.handle(envelope, message, channel);
        this.settle(() => channel.ack(message));
      } catch (err) {
        this.log.error({ err, taskId: envelope.data.taskId }, 'the outcome could not be recorded');
        if (!this.closing) await delay(REQUEUE_DELAY_MS);
        this.settle(() => channel.nack(message, false, true));
      }
    });
  }

  private async handle(envelope: Envelope, message: ConsumeMessage, channel: Channel): Promise<void> {
    const handler = this.getHandlerByPattern(envelope.pattern);
    const context = new RmqContext([message, channel, envelope.pattern]);
    const result: unknown = await handler?.(envelope.data, context);
    await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }

  /** On a channel that is gone there is nothing to settle: the broker has taken the message back. */
  private settle(action: () => void): void {
    try {
      action();
    } catch (err) {
      this.log.debug({ err }, 'the channel was gone before the message was settled');
    }
  }
}

async function orGiveUp(milliseconds: number, work: Promise<unknown>): Promise<void> {
  await within(milliseconds, work, () => new Error('too late')).catch(() => undefined);
}
