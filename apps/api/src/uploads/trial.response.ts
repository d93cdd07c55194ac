import type { Trial } from '@app/datasets';
import { z } from 'zod';
import { anomalySchema } from './anomalies.js';
import { roleSchema } from './role.response.js';
import type { FormFile } from './upload-form.js';
import {
  countsByType,
  countsSchema,
  dialectSchema,
  driftSchema,
  toDialect,
  toUploadColumn,
  uploadColumnSchema,
} from './upload.response.js';

/** What loading a file would do. */
export const trialSchema = z.object({
  counts: countsSchema.extend({
    records: z.number().int(),
    accepted: z.number().int(),
    rejected: z.number().int(),
    duplicates: z.number().int(),
    /** Accepted rows that would be stored. */
    rows: z.number().int(),
    anomalies: z.number().int(),
  }),
  anomalyCounts: z.record(z.string(), z.number().int()),
  /** The first 100. */
  anomalies: z.array(anomalySchema),
  dialect: dialectSchema,
  columns: z.array(uploadColumnSchema),
  roles: z.array(roleSchema),
  /** The first records as they stand in the file, a text each cell; long ones are cut. */
  preview: z.object({ names: z.array(z.string()), rows: z.array(z.array(z.string())) }),
  drift: z.array(driftSchema),
});

export type TrialResponse = z.infer<typeof trialSchema>;

const SHOWN_ROWS = 20;
const SHOWN_CELL_LENGTH = 200;

export function toTrial(
  { counts, changes, dialect, columns, roles, drift, findings, anomalies }: Trial,
  { file, names, firstRecords }: FormFile,
): TrialResponse {
  const { records, accepted, rejected, duplicates, dropped } = counts;
  return {
    counts: {
      records,
      accepted,
      rejected,
      duplicates,
      rows: accepted - dropped,
      anomalies: counts.anomalies,
      ...changes,
    },
    anomalyCounts: countsByType(findings),
    anomalies: anomalies.map((anomaly) => ({ file: file.fileName, ...anomaly })),
    dialect: toDialect(dialect),
    columns: columns.map(toUploadColumn),
    roles,
    preview: {
      names,
      rows: firstRecords
        .slice(0, SHOWN_ROWS)
        .map((cells) => cells.map((cell) => cell.slice(0, SHOWN_CELL_LENGTH))),
    },
    drift,
  };
}
