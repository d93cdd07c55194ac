export type { DeadMessage } from './dead-message.js';
export { taskMessage } from './envelope.js';
export * from './messaging.module.js';
export * from './outbox.js';
export * from './publisher.js';
export * from './reliable-rmq-server.js';
export * from './task-kinds.js';
export { DEAD_LETTER_QUEUE, declareQueue } from './topology.js';
