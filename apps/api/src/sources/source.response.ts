import { UPLOAD_MODES } from '@app/datasets';
import {
  type RunItemEntity,
  RUN_TRIGGERS,
  type RunView,
  SOURCE_KINDS,
  type SourceRunEntity,
  type SourceView,
} from '@app/sources';
import { TASK_STATUSES } from '@app/tasks';
import { z } from 'zod';
import { taskResponse } from '../tasks/task.schemas.js';

const time = z.iso.datetime();

const runCounts = z.object({
  found: z.number().int(),
  taken: z.number().int(),
  /** As they were when an earlier run dealt with them. */
  unchanged: z.number().int(),
  skipped: z.number().int(),
  removed: z.number().int(),
  images: z.number().int(),
});

const takenObject = z.object({
  key: z.string(),
  etag: z.string().nullable(),
  sizeBytes: z.number().int().nullable(),
  images: z.number().int(),
  uploadIds: z.array(z.uuid()),
});

const skippedObject = z.object({
  key: z.string(),
  etag: z.string().nullable(),
  sizeBytes: z.number().int().nullable(),
  /** The code of what is wrong with it. */
  reason: z.string(),
  message: z.string(),
});

export const runSchema = z.object({
  id: z.uuid(),
  sourceId: z.uuid(),
  taskId: z.uuid(),
  trigger: z.enum(RUN_TRIGGERS),
  status: z.enum(TASK_STATUSES),
  counts: runCounts.nullable(),
  /** What it made of the objects it took. */
  uploadIds: z.array(z.uuid()),
  /** At most the first thousand, as of what was skipped and removed. */
  taken: z.array(takenObject),
  skipped: z.array(skippedObject),
  /** Keys of what was there at the run before. */
  removed: z.array(z.string()),
  output: z.object({ bucket: z.string().nullable(), key: z.string(), rowCount: z.number().int() }).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
});
export type RunResponse = z.infer<typeof runSchema>;

const place = z.object({ bucket: z.string().nullable(), prefix: z.string() });

export const sourceSchema = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  storeId: z.uuid().nullable(),
  datasetId: z.uuid(),
  name: z.string(),
  kind: z.enum(SOURCE_KINDS),
  bucket: z.string().nullable(),
  prefix: z.string(),
  pattern: z.string(),
  schedule: z.string().nullable(),
  timezone: z.string(),
  mode: z.enum(UPLOAD_MODES),
  keyColumns: z.array(z.string()),
  bundle: z.object({ idColumn: z.string(), imageColumn: z.string(), imagePathColumn: z.string() }).nullable(),
  publishTo: place.nullable(),
  paused: z.boolean(),
  /** Null while it is paused, and where it has no schedule. */
  nextAt: time.nullable(),
  lastRun: z
    .object({ id: z.uuid(), taskId: z.uuid(), status: z.enum(TASK_STATUSES), createdAt: time })
    .nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: time,
  updatedAt: time,
});
export type SourceResponse = z.infer<typeof sourceSchema>;

export const startedSync = z.object({ task: taskResponse });

export function toSource({ source, nextAt }: SourceView, lastRun?: SourceRunEntity): SourceResponse {
  const { createdAt, updatedAt, deletedAt: _deletedAt, ...rest } = source;
  return {
    ...rest,
    nextAt: nextAt?.toISOString() ?? null,
    lastRun:
      lastRun === undefined
        ? null
        : {
            id: lastRun.id,
            taskId: lastRun.taskId,
            status: lastRun.status,
            createdAt: lastRun.createdAt.toISOString(),
          },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

const objectOf = ({ key, etag, sizeBytes }: RunItemEntity) => ({ key, etag, sizeBytes });

export const toRun = ({ run, items }: RunView): RunResponse => ({
  id: run.id,
  sourceId: run.sourceId,
  taskId: run.taskId,
  trigger: run.trigger,
  status: run.status,
  counts: run.counts,
  uploadIds: run.uploadIds,
  taken: items.taken.map((item) => ({ ...objectOf(item), images: item.images, uploadIds: item.uploadIds })),
  skipped: items.skipped.map((item) => ({
    ...objectOf(item),
    reason: item.reason ?? '',
    message: item.message ?? '',
  })),
  removed: items.removed.map(({ key }) => key),
  output: run.output,
  error: run.error,
  createdAt: run.createdAt.toISOString(),
  startedAt: run.startedAt?.toISOString() ?? null,
  finishedAt: run.finishedAt?.toISOString() ?? null,
});
