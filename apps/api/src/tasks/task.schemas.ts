import { TASK_KINDS } from '@app/messaging';
import { TASK_STATUSES, type TaskEntity } from '@app/tasks';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';

const MAX_PRIORITY = 100;

export const taskResponse = z.object({
  id: z.uuid(),
  kind: z.enum(TASK_KINDS),
  status: z.enum(TASK_STATUSES),
  progress: z
    .object({
      done: z.number(),
      total: z.number(),
      unit: z.string(),
      phase: z.string().nullable().default(null),
      ratePerSecond: z.number().nullable(),
      etaSeconds: z.number().nullable(),
    })
    .nullable(),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  note: z.string().nullable(),
  priority: z.number().int(),
  customerId: z.uuid(),
  datasetId: z.uuid().nullable(),
  uploadId: z.uuid().nullable(),
  reportId: z.uuid().nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type TaskResponse = z.infer<typeof taskResponse>;

export const taskPage = pageOf(taskResponse);

export const toTaskResponse = (task: TaskEntity): TaskResponse => ({
  id: task.id,
  kind: task.kind,
  status: task.status,
  progress: task.progress,
  attempts: task.attempts,
  maxAttempts: task.maxAttempts,
  result: task.result === null ? null : { ...task.result },
  error: task.error,
  note: task.note,
  priority: task.priority,
  customerId: task.customerId,
  datasetId: task.datasetId,
  uploadId: task.uploadId,
  reportId: task.reportId,
  createdBy: task.createdBy,
  createdAt: task.createdAt.toISOString(),
  startedAt: task.startedAt?.toISOString() ?? null,
  finishedAt: task.finishedAt?.toISOString() ?? null,
});

export const taskListQuery = z.strictObject({
  ...listQuery,
  customerId: z.uuid().optional(),
  datasetId: z.uuid().optional(),
  kind: z.enum(TASK_KINDS).optional(),
  status: z.enum(TASK_STATUSES).optional(),
});
export type TaskListQuery = z.infer<typeof taskListQuery>;

/** What a client may change; a task's status is not among it. */
export const taskChangesBody = z.strictObject({
  note: text(2000, 0).nullable().optional(),
  priority: z.number().int().min(-MAX_PRIORITY).max(MAX_PRIORITY).optional(),
});
export type TaskChangesBody = z.infer<typeof taskChangesBody>;
