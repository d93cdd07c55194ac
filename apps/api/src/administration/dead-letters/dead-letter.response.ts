import { DEAD_LETTER_REASONS, type DeadLetter } from '@app/tasks';
import { z } from 'zod';
import { listQuery, pageOf } from '../../http/listing.js';
import { text } from '../../http/text.js';
import { taskResponse, toTaskResponse } from '../../tasks/task.schemas.js';

export const deadLetterSchema = z.object({
  id: z.uuid(),
  queue: z.string(),
  reason: z.enum(DEAD_LETTER_REASONS),
  createdAt: z.iso.datetime(),
  /** What stopped; null where it is a message that no worker could read. */
  task: taskResponse.nullable(),
  /** The task's attempts that failed, the first one first; `cause` is for operators alone. */
  failures: z.array(
    z.object({
      attempt: z.number().int(),
      outcome: z.enum(['failed', 'crashed']),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
      cause: z.string().nullable(),
      at: z.iso.datetime(),
    }),
  ),
  /** The message's bytes, read as UTF-8. */
  message: z.object({ text: z.string(), sizeBytes: z.number().int() }).nullable(),
});
export type DeadLetterResponse = z.infer<typeof deadLetterSchema>;

export const deadLetterPage = pageOf(deadLetterSchema);

const filter = { queue: text(100).optional(), reason: z.enum(DEAD_LETTER_REASONS).optional() };
export const deadLetterQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  ...filter,
});
export type DeadLetterQuery = z.infer<typeof deadLetterQuery>;

export const redriveBody = z.strictObject(filter).default({});
export type RedriveBody = z.infer<typeof redriveBody>;

export const redrivenSchema = z.object({
  redriven: z.number().int(),
  refused: z.array(z.object({ id: z.uuid(), code: z.string(), message: z.string() })),
});
export type RedrivenResponse = z.infer<typeof redrivenSchema>;

/** The task that goes on; null where a message was sent again. */
export const redriveSchema = z.object({ task: taskResponse.nullable() });
export type RedriveResponse = z.infer<typeof redriveSchema>;

export const toDeadLetter = ({ letter, task, failures }: DeadLetter): DeadLetterResponse => ({
  id: letter.id,
  queue: letter.queue,
  reason: letter.reason,
  createdAt: letter.createdAt.toISOString(),
  task: task === null ? null : toTaskResponse(task),
  failures: failures.map(({ fence, outcome, error, cause, at }) => ({
    attempt: fence,
    outcome,
    error,
    cause,
    at: at.toISOString(),
  })),
  message:
    letter.content === null
      ? null
      : { text: letter.content.toString('utf8'), sizeBytes: letter.sizeBytes ?? letter.content.length },
});
