import type { GetMessage } from 'amqplib';
import { readEnvelope } from './envelope.js';
import { isTaskKind } from './task-kinds.js';

/** A message that the broker took from its queue because no worker could. */
export interface DeadMessage {
  /** Where it came from. */
  queue: string;
  content: Buffer;
  /** Whether it is one of ours: then the task it names is the truth, and the message may go. */
  isWakeUp: boolean;
}

export function readDeadMessage({ content, fields, properties }: GetMessage): DeadMessage {
  const origin: unknown = properties.headers?.['x-first-death-queue'];
  const envelope = readEnvelope(content);
  return {
    queue: typeof origin === 'string' ? origin : fields.routingKey,
    content,
    isWakeUp: envelope !== null && isTaskKind(envelope.pattern),
  };
}
