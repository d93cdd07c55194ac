import { setTimeout as delay } from 'node:timers/promises';
import { RmqContext, ServerRMQ } from '@nestjs/microservices';
import { type Logger, runInContext } from '@app/logging';
import { counter } from '@app/metrics';
import type { AmqpConnectionManager, ChannelWrapper } from 'amqp-connection-manager';
import type { Channel, ConsumeMessage } from 'amqplib';
import { lastValueFrom, tap } from 'rxjs';
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
  /** Streams of handlers that run at the same time. */
  concurrency: number;
  /** How long `close()` waits for running handlers, in milliseconds. */
  drainMs: number;
  logger: Logger;
}

interface Consumer {
  channel: Channel;
  /** Absent while no messages are wanted. */
  tag: string | undefined;
}

/**
 * Nest's RabbitMQ transport made safe for work that must not be lost. A handler answers with a stream: its first
 * value says that the work is safe elsewhere, or its end that there is none, and only then is the message
 * acknowledged, exactly once and on the channel that delivered it. A handler that fails before has recorded nothing,
 * and the message comes back. What is no message of ours is dead-lettered; a cancelled consumer or a failed channel is
 * replaced; closing waits for the streams to end.
 *
 * Work may take longer than the broker waits for an acknowledgement (`consumer_timeout`), so none is held back while
 * it runs. What keeps the next message away instead is that a server which is busy does not consume.
 *
 * An idle consumer is made anew every ten seconds: RabbitMQ 3.10 forgets the consumers of a quorum queue that is
 * deleted and declared again within 30 ms, without a word to them.
 */
export class ReliableRmqServer extends ServerRMQ {
  // The stream of a handler is awaited here, so that its failure is seen.
  override readonly propagatesEventHandlerErrors = true;
  private consumer: Consumer | undefined;
  /** One change of the consumer after the other. */
  private turn: Promise<void> = Promise.resolve();
  private readonly running = new Set<Promise<void>>();
  private closing = false;
  private idle = true;
  private renewals: NodeJS.Timeout | undefined;
  private readonly log: Logger;

  constructor(private readonly reliable: ReliableRmqServerOptions) {
    super({
      urls: [reliable.url],
      queue: reliable.queue,
      noAck: false,
      prefetchCount: 1,
      socketOptions: BROKER_CONNECTION,
    });
    this.log = reliable.logger.child({ queue: reliable.queue });
  }

  /** Whether the broker has registered this consumer, or would if there were room for more work. */
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
      void this.inTurn(() => this.renewIdleConsumer());
    }, RENEW_IDLE_MS);
    callback();
  }

  override async setupChannel(channel: Channel): Promise<void> {
    // A channel that failed is followed by 'close'; only a new connection brings a new channel.
    channel.on('error', (err: unknown) => this.log.error({ err }, 'the consumer channel failed'));
    channel.once('close', () => this.lost(channel));
    await declareQueue(channel, this.queue);
    await channel.prefetch(1);
    this.consumer = { channel, tag: undefined };
    await this.resume();
    this.log.info('consuming');
  }

  override async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.renewals);
    await orGiveUp(CLOSE_TIMEOUT_MS, this.pause());
    if (this.running.size > 0) this.log.info({ running: this.running.size }, 'waiting for running tasks');
    await orGiveUp(this.reliable.drainMs, Promise.all(this.running));
    await orGiveUp(CLOSE_TIMEOUT_MS, super.close());
  }

  private get hasRoom(): boolean {
    return this.running.size < this.reliable.concurrency;
  }

  private async consume(consumer: Consumer): Promise<void> {
    const deliver = (message: ConsumeMessage | null): void => this.deliver(message, consumer.channel);
    const { consumerTag } = await consumer.channel.consume(this.queue, deliver, { noAck: false });
    consumer.tag = consumerTag;
  }

  /** No further message is delivered once this has resolved. */
  private pause(): Promise<void> {
    return this.inTurn(async () => {
      const { consumer } = this;
      if (consumer?.tag === undefined) return;
      const { tag } = consumer;
      consumer.tag = undefined;
      await consumer.channel.cancel(tag);
    });
  }

  private resume(): Promise<void> {
    return this.inTurn(async () => {
      const { consumer } = this;
      if (consumer === undefined || consumer.tag !== undefined || this.closing || !this.hasRoom) return;
      await this.consume(consumer);
    });
  }

  private async renewIdleConsumer(): Promise<void> {
    const { consumer, idle } = this;
    this.idle = this.running.size === 0;
    if (!idle || consumer?.tag === undefined || this.closing) return;
    const { tag } = consumer;
    consumer.tag = undefined;
    await consumer.channel.cancel(tag);
    if (this.hasRoom) await this.consume(consumer);
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(change).catch((err: unknown) => {
      this.log.debug({ err }, 'the channel was gone before its consumer was changed');
    });
    return this.turn;
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
    const work = this.receive(message, channel).finally(() => {
      this.running.delete(work);
      void this.resume();
    });
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
      let isTaken = false;
      try {
        await this.handle(envelope, message, channel, async () => {
          isTaken = true;
          // First, or the acknowledgement would bring the next message.
          if (!this.hasRoom) await this.pause();
          this.settle(() => channel.ack(message));
        });
        if (!isTaken) this.settle(() => channel.ack(message));
      } catch (err) {
        this.log.error({ err }, 'the outcome could not be recorded');
        if (isTaken) return;
        if (!this.closing) await delay(REQUEUE_DELAY_MS);
        this.settle(() => channel.nack(message, false, true));
      }
    });
  }

  private async handle(
    envelope: Envelope,
    message: ConsumeMessage,
    channel: Channel,
    taken: () => Promise<void>,
  ): Promise<void> {
    const handler = this.getHandlerByPattern(envelope.pattern);
    const context = new RmqContext([message, channel, envelope.pattern]);
    const result: unknown = await handler?.(envelope.data, context);
    let settling: Promise<void> | undefined;
    const stream = this.transformToObservable(result).pipe(tap(() => void (settling ??= taken())));
    await lastValueFrom(stream, { defaultValue: undefined });
    await settling;
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
