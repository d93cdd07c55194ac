import type { Channel } from 'amqplib';

/** Where messages go that no worker can take: malformed ones, and those that were delivered too often. */
export const DEAD_LETTER_EXCHANGE = 'datacore.dead-letters';
export const DEAD_LETTER_QUEUE = 'dead-letters';

/** Where changes are announced; every process that wants to know binds a queue of its own. */
export const BROADCAST_EXCHANGE = 'datacore.changes';

/** Deliveries of one message before it is parked: a net below the attempts that are counted in Postgres. */
export const DELIVERY_LIMIT = 3;

/**
 * Every argument is said, though some are a broker's default: RabbitMQ 3.10 and 4.x differ in theirs, and two
 * declarations that differ are refused. `at-least-once` dead-lettering needs `reject-publish`.
 */
const WORK_QUEUE = {
  durable: true,
  arguments: {
    'x-queue-type': 'quorum',
    'x-delivery-limit': DELIVERY_LIMIT,
    'x-dead-letter-exchange': DEAD_LETTER_EXCHANGE,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  },
};

const DEAD_QUEUE = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

/**
 * Declares a work queue and what stands behind it; harmless where all of it exists. Publishers and consumers
 * both call it, so that neither depends on who starts first.
 */
export async function declareQueue(channel: Channel, queue: string): Promise<void> {
  await channel.assertExchange(DEAD_LETTER_EXCHANGE, 'fanout', { durable: true });
  await channel.assertQueue(DEAD_LETTER_QUEUE, DEAD_QUEUE);
  await channel.bindQueue(DEAD_LETTER_QUEUE, DEAD_LETTER_EXCHANGE, '');
  await channel.assertQueue(queue, WORK_QUEUE);
}

export async function declareBroadcast(channel: Channel): Promise<void> {
  await channel.assertExchange(BROADCAST_EXCHANGE, 'fanout', { durable: true });
}
