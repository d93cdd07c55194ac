import { EventEmitter } from 'node:events';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { type AmqpConnectionManager, connect } from 'amqp-connection-manager';
import type { Channel, ConsumeMessage } from 'amqplib';
import { z } from 'zod';
import { BROKER_CONNECTION, dropConnection } from '../broker-connection.js';
import { within } from '../deadline.js';
import { BROADCAST_EXCHANGE, declareBroadcast } from '../topology.js';
import type { ChangeNotice } from './broadcast.js';

const CLOSE_TIMEOUT_MS = 5000;
const GAP = 'gap';
const ANY = 'any';

const noticeSchema = z.object({ subject: z.string(), id: z.string() });
const nameOf = ({ subject, id }: ChangeNotice): string => `${subject} ${id}`;

/**
 * Hears of changes that any process makes, through a queue of its own that ends with its connection. After every
 * connect there may have been changes that nobody told of, so whoever waits is woken then.
 */
@Injectable()
export class BroadcastListener implements OnApplicationShutdown {
  private readonly connection: AmqpConnectionManager;
  private readonly heard = new EventEmitter().setMaxListeners(0);
  private listening: Channel | undefined;
  private closing = false;

  constructor(@Inject(SETTINGS) settings: Settings, @Inject(LOGGER) logger: Logger) {
    this.connection = connect([settings.services.rabbitmqUrl], BROKER_CONNECTION);
    this.connection
      .createChannel({ name: 'broadcast', setup: (channel: Channel) => this.setUp(channel) })
      .on('error', (err: unknown) => logger.warn({ err }, 'changes cannot be listened to'));
  }

  /** Whether changes are being heard of. */
  get isListening(): boolean {
    return this.listening !== undefined;
  }

  /** Calls `wake` whenever the row may have changed. @returns what ends that */
  on(notice: ChangeNotice, wake: () => void): () => void {
    const name = nameOf(notice);
    this.heard.on(name, wake).on(GAP, wake);
    return () => this.heard.off(name, wake).off(GAP, wake);
  }

  /** Calls `hear` for every notice; with null where some may have been missed. @returns what ends that */
  onAny(hear: (notice: ChangeNotice | null) => void): () => void {
    const missed = (): void => hear(null);
    this.heard.on(ANY, hear).on(GAP, missed);
    return () => this.heard.off(ANY, hear).off(GAP, missed);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    await within(CLOSE_TIMEOUT_MS, this.connection.close(), () => new Error('too late')).catch(
      () => undefined,
    );
  }

  private async setUp(channel: Channel): Promise<void> {
    channel.on('error', () => undefined);
    channel.once('close', () => this.lost(channel));
    await declareBroadcast(channel);
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false });
    await channel.bindQueue(queue, BROADCAST_EXCHANGE, '');
    await channel.consume(queue, (message) => this.hear(message, channel), { noAck: true });
    this.listening = channel;
    this.heard.emit(GAP);
  }

  private hear(message: ConsumeMessage | null, channel: Channel): void {
    if (message === null) this.lost(channel);
    else {
      const notice = readNotice(message.content);
      if (notice === null) return;
      this.heard.emit(nameOf(notice));
      this.heard.emit(ANY, notice);
    }
  }

  private lost(channel: Channel): void {
    if (this.listening === channel) this.listening = undefined;
    if (!this.closing) dropConnection(this.connection);
  }
}

function readNotice(content: Buffer): ChangeNotice | null {
  try {
    return noticeSchema.safeParse(JSON.parse(content.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
