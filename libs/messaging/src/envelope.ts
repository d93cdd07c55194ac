import { randomUUID } from 'node:crypto';
import type { ConsumeMessage } from 'amqplib';
import { z } from 'zod';
import type { TaskKind } from './task-kinds.js';

export const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** A message is a wake-up: it names a task, and everything else about it stands in Postgres. */
const envelopeSchema = z.object({ pattern: z.string(), data: z.object({ taskId: z.uuid() }) });

export interface Envelope {
  pattern: string;
  data: { taskId: string };
}

export const taskMessage = (kind: TaskKind, taskId: string): Envelope => ({
  pattern: kind,
  data: { taskId },
});

/** The message's content, or null where it is not one of ours. */
export function readEnvelope(content: Buffer): Envelope | null {
  try {
    return envelopeSchema.safeParse(JSON.parse(content.toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Id of the request that caused the message; a new one where it carries none. */
export function requestIdOf(message: ConsumeMessage): string {
  const given: unknown = message.properties.headers?.[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
