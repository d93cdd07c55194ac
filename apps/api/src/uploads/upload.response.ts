import { COLUMN_TYPES, type Column, type Dialect, type Finding } from '@app/frames';
import { COLUMN_CHANGES, UPLOAD_MODES, UPLOAD_STATUSES, type UploadView } from '@app/datasets';
import { z } from 'zod';
import { taskResponse } from '../tasks/task.schemas.js';

const extreme = z.union([z.string(), z.number()]).nullable();

/** A column as datasets and uploads show it. */
export const columnSchema = z.object({
  name: z.string(),
  type: z.enum(COLUMN_TYPES),
  nulls: z.number().int(),
  /** Null until the dataset is profiled. */
  distinct: z.number().int().nullable(),
  min: extreme,
  max: extreme,
});

/** Why the column has its type is known of a file. */
export const uploadColumnSchema = columnSchema.extend({ evidence: z.string().optional() });

export const countsSchema = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  removed: z.number().int(),
});

export const driftSchema = z.object({
  column: z.string(),
  change: z.enum(COLUMN_CHANGES),
  detail: z.string(),
});

/** How a file is read, and why: one sentence each. */
export const dialectSchema = z.object({
  encoding: z.string(),
  compression: z.enum(['gzip']).nullable(),
  /** One character; a space stands for runs of spaces. */
  delimiter: z.string(),
  quote: z.string(),
  /** What makes a quote within quotes text: the quote again, or a backslash. */
  escape: z.string(),
  /** Whether a record names the columns; else they are `column1`, `column2`… */
  header: z.boolean(),
  /** Lines before the table, which are no part of it. */
  preambleLines: z.number().int(),
  evidence: z.object({
    encoding: z.string(),
    delimiter: z.string(),
    quote: z.string(),
    header: z.string(),
  }),
});

export const uploadSchema = z.object({
  id: z.uuid(),
  datasetId: z.uuid(),
  ordinal: z.number().int(),
  mode: z.enum(UPLOAD_MODES),
  keyColumns: z.array(z.string()),
  revision: z.number().int().nullable(),
  fileName: z.string(),
  sizeBytes: z.number().int(),
  sha256: z.string(),
  status: z.enum(UPLOAD_STATUSES),
  rowCount: z.number().int().nullable(),
  rejectedCount: z.number().int().nullable(),
  duplicateCount: z.number().int().nullable(),
  anomalyCount: z.number().int().nullable(),
  /** How often each type was found, in rejected records too; null until the file is read. */
  anomalyCounts: z.record(z.string(), z.number().int()).nullable(),
  /** What it did to the rows before it: by key with upsert and mirror, else rows; null until the file is read. */
  counts: countsSchema.nullable(),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  /** Null until the file is read. */
  dialect: dialectSchema.nullable(),
  columns: z.array(uploadColumnSchema),
  /** Also of the last attempt to read a file again, which the reading before has outlived. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** How the file differs from the dataset it was sent to, column by column. */
  drift: z.array(driftSchema),
  taskId: z.uuid(),
  uploadedBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  readyAt: z.iso.datetime().nullable(),
});

export const acceptedUploadSchema = z.object({ upload: uploadSchema, task: taskResponse });

export type UploadResponse = z.infer<typeof uploadSchema>;

export const toColumn = ({ name, type, nulls, min, max }: Column): z.infer<typeof columnSchema> => ({
  name,
  type,
  nulls,
  distinct: null,
  min,
  max,
});

/** Findings of all columns together. */
export function countsByType(findings: readonly Finding[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { type, count } of findings) counts.set(type, (counts.get(type) ?? 0) + count);
  return Object.fromEntries(counts);
}

export const toUploadColumn = (column: Column): z.infer<typeof uploadColumnSchema> => ({
  ...toColumn(column),
  ...(column.evidence !== undefined && { evidence: column.evidence }),
});

export const toDialect = ({ bomBytes: _bytes, ...dialect }: Dialect): z.infer<typeof dialectSchema> =>
  dialect;

export function toUpload({ upload, revision }: UploadView): UploadResponse {
  return {
    id: upload.id,
    datasetId: upload.datasetId,
    ordinal: upload.ordinal,
    mode: upload.mode,
    keyColumns: upload.keyColumns,
    revision: upload.revision,
    fileName: upload.fileName,
    sizeBytes: upload.sizeBytes,
    sha256: upload.sha256,
    status: upload.status,
    rowCount: revision?.rowCount ?? null,
    rejectedCount: revision?.rejectedCount ?? null,
    duplicateCount: revision?.duplicateCount ?? null,
    anomalyCount: revision?.anomalyCount ?? null,
    anomalyCounts: revision && countsByType(revision.findings.summary),
    counts: revision?.changes ?? null,
    encoding: upload.encoding,
    delimiter: upload.delimiter,
    dialect: revision && toDialect(revision.dialect),
    columns: (revision?.columns ?? []).map(toUploadColumn),
    error: upload.error,
    drift: upload.drift,
    taskId: upload.taskId,
    uploadedBy: upload.uploadedBy,
    createdAt: upload.createdAt.toISOString(),
    readyAt: upload.readyAt?.toISOString() ?? null,
  };
}
