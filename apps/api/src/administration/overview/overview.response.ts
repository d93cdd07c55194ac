import { TASK_STATUSES } from '@app/tasks';
import { z } from 'zod';

const dependency = z.object({ status: z.enum(['up', 'down']), needed: z.boolean() });
const volume = z.object({ count: z.number().int(), bytes: z.number() });

export const overviewSchema = z.object({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  dependencies: z.record(z.string(), dependency),
  /** Null where the broker does not answer. */
  queues: z.array(
    z.object({
      name: z.string(),
      messages: z.number().int().nullable(),
      consumers: z.number().int().nullable(),
    }),
  ),
  workers: z.array(
    z.object({
      name: z.string(),
      queues: z.array(z.string()),
      concurrency: z.number().int(),
      running: z.number().int(),
      startedAt: z.iso.datetime(),
      seenAt: z.iso.datetime(),
    }),
  ),
  /** How many tasks there are in each state. */
  tasks: z.object(
    Object.fromEntries(TASK_STATUSES.map((status) => [status, z.number().int()])) as Record<
      (typeof TASK_STATUSES)[number],
      z.ZodNumber
    >,
  ),
  /** The same by kind, with the age of the oldest that is not finished. */
  taskAges: z.array(
    z.object({
      kind: z.string(),
      status: z.enum(TASK_STATUSES),
      count: z.number().int(),
      oldestSeconds: z.number().nullable(),
    }),
  ),
  outbox: z.object({ unsent: z.number().int(), oldestSeconds: z.number() }),
  deadLetters: z.number().int(),
  storage: z.object({
    blobs: volume,
    frames: volume.nullable(),
    disk: z.object({ totalBytes: z.number(), freeBytes: z.number() }),
  }),
});
export type OverviewResponse = z.infer<typeof overviewSchema>;
