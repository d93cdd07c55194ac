import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { type AmqpConnectionManager, connect } from 'amqp-connection-manager';
import type { ConfirmChannel, Message } from 'amqplib';
import { BROKER_CONNECTION, dropConnection } from './broker-connection.js';
import { type DeadMessage, readDeadMessage } from './dead-message.js';
import { within } from './deadline.js';
import { REQUEST_ID_HEADER } from './envelope.js';
import { TASK_KINDS } from './task-kinds.js';
import { BROADCAST_EXCHANGE, DEAD_LETTER_QUEUE, declareBroadcast, declareQueue } from './topology.js';

const ANSWER_TIMEOUT_MS = 5000;

/** No queue is known to hold the message. Sending it again is safe. */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';
}

export interface Publication {
  queue: string;
  /** Sent as JSON, bytes as they are. */
  message: object | Buffer;
  /** Stays the same when the message is sent again. */
  messageId: string;
  requestId: string | null;
}

/**
 * Sends messages so that success means a queue holds them: persistent, `mandatory`, confirmed by the broker.
 * Connects in the background and again after every loss; without a connection publishing fails at once, as
 * messages wait in Postgres and not in memory.
 */
@Injectable()
export class Publisher implements OnApplicationShutdown {
  private readonly connection: AmqpConnectionManager;
  private channel: ConfirmChannel | undefined;
  private closing = false;
  private connected: () => void = () => undefined;
  /** Ids of messages that came back, before their confirm, because no queue took them. */
  private readonly returned = new Set<string>();

  constructor(
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.connection = connect([settings.services.rabbitmqUrl], BROKER_CONNECTION);
    this.connection.once('connectFailed', ({ err }: { err: Error }) => {
      logger.warn({ err }, 'the broker does not answer; messages wait until it does');
    });
    this.connection.on('disconnect', () => logger.warn('lost the broker; messages wait until it is back'));
    this.connection
      .createChannel({ name: 'publisher', setup: (channel: ConfirmChannel) => this.setUp(channel) })
      .on('error', (err: unknown) => {
        if (!this.closing) logger.error({ err }, 'the publisher could not set up its channel');
      });
  }

  get isConnected(): boolean {
    return this.channel !== undefined;
  }

  /** @throws NotPublished where messages cannot be sent now */
  assertConnected(): void {
    this.liveChannel();
  }

  /** `listener` is called after every connect. */
  onConnected(listener: () => void): void {
    this.connected = listener;
  }

  /** @throws NotPublished where the broker did not confirm within five seconds, or returned the message. */
  async publish(publication: Publication): Promise<void> {
    const channel = this.liveChannel();
    const { queue, messageId, requestId } = publication;
    await within(ANSWER_TIMEOUT_MS, this.send(channel, publication), unanswered);
    if (!this.returned.delete(messageId)) return;
    // Somebody deleted the queue. It is declared again with the next connection, a second later: RabbitMQ 3.10
    // does not tell consumers of a quorum queue that is replaced at once (measured: within 30 ms).
    this.logger.warn({ queue, messageId, requestId }, 'a queue is missing; connecting again to declare it');
    dropConnection(this.connection);
    throw new NotPublished(`There was no queue ${queue}.`);
  }

  /** Tells whoever listens; where nobody can be told, nothing happens. */
  broadcast(notice: object): void {
    try {
      this.channel?.publish(BROADCAST_EXCHANGE, '', Buffer.from(JSON.stringify(notice)));
    } catch (err) {
      this.logger.debug({ err }, 'the channel was gone before a change was announced');
    }
  }

  /** How many messages wait in a queue. */
  async depth(queue: string): Promise<number> {
    return (await this.queueState(queue)).messages;
  }

  /** How many messages wait in a queue, and how many consumers it has. @throws NotPublished without a connection */
  async queueState(queue: string): Promise<{ messages: number; consumers: number }> {
    const { messageCount, consumerCount } = await within(
      ANSWER_TIMEOUT_MS,
      this.liveChannel().checkQueue(queue),
      unanswered,
    );
    return { messages: messageCount, consumers: consumerCount };
  }

  /**
   * Takes what lies in the dead-letter queue, one message after the other. Each is gone from there once `keep` has
   * resolved; where it rejects, the message stays and so do those behind it.
   * @returns how many were taken
   */
  async takeDeadLetters(keep: (message: DeadMessage) => Promise<void>): Promise<number> {
    const channel = this.liveChannel();
    for (let taken = 0; ; taken += 1) {
      const message = await within(ANSWER_TIMEOUT_MS, channel.get(DEAD_LETTER_QUEUE), unanswered);
      if (message === false) return taken;
      try {
        await keep(readDeadMessage(message));
      } catch (error) {
        channel.nack(message, false, true);
        throw error;
      }
      channel.ack(message);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.channel = undefined;
    await within(ANSWER_TIMEOUT_MS, this.connection.close(), unanswered).catch(() => undefined);
  }

  private liveChannel(): ConfirmChannel {
    if (this.channel === undefined) throw new NotPublished('There is no connection to the broker.');
    return this.channel;
  }

  private send(channel: ConfirmChannel, publication: Publication): Promise<void> {
    const { queue, message, messageId, requestId } = publication;
    const options = {
      contentType: 'application/json',
      persistent: true,
      mandatory: true,
      messageId,
      headers: requestId === null ? {} : { [REQUEST_ID_HEADER]: requestId },
    };
    return new Promise((resolve, reject) => {
      const content = Buffer.isBuffer(message) ? message : Buffer.from(JSON.stringify(message));
      channel.publish('', queue, content, options, (error: unknown) => {
        if (error === null || error === undefined) resolve();
        else reject(new NotPublished('The broker refused the message.', { cause: error }));
      });
    });
  }

  private async setUp(channel: ConfirmChannel): Promise<void> {
    this.returned.clear();
    channel.on('return', (message: Message) => this.returned.add(String(message.properties.messageId)));
    // A channel that failed is followed by 'close'; only a new connection brings a new channel.
    channel.on('error', (err: unknown) => this.logger.error({ err }, 'the publisher channel failed'));
    channel.once('close', () => {
      if (this.channel === channel) this.channel = undefined;
      if (!this.closing) dropConnection(this.connection);
    });
    for (const kind of TASK_KINDS) await declareQueue(channel, kind);
    await declareBroadcast(channel);
    this.channel = channel;
    this.logger.info('connected to the broker');
    this.connected();
  }
}

const unanswered = () => new NotPublished('The broker did not answer in time.');
