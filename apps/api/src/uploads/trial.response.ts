import type { Trial } from '@app/datasets';
import { z } from 'zod';
import { anomalySchema } from './anomalies.js';
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
  drift: z.array(driftSchema),
});

export type TrialResponse = z.infer<typeof trialSchema>;

export function toTrial(
  { counts, changes, dialect, columns, drift, findings, anomalies }: Trial,
  file: string,
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
    anomalies: anomalies.map((anomaly) => ({ file, ...anomaly })),
    dialect: toDialect(dialect),
    columns: columns.map(toUploadColumn),
    drift,
  };
}
