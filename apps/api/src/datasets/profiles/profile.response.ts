import { COLUMN_TYPES, PROFILE_QUANTILES, type QuantileName } from '@app/frames';
import type { LatestProfile } from '@app/datasets';
import { z } from 'zod';
import { cellSchema } from '../questions/question.response.js';

const figure = z.number().nullable();

const bin = z.object({ from: z.number(), to: z.number(), count: z.number().int() });

const columnProfileSchema = z.object({
  name: z.string(),
  type: z.enum(COLUMN_TYPES),
  count: z.number().int(),
  nulls: z.number().int(),
  distinct: z.number().int(),
  min: cellSchema,
  max: cellSchema,
  mean: figure,
  stddev: figure,
  sum: figure,
  quantiles: z.record(z.enum(Object.keys(PROFILE_QUANTILES) as QuantileName[]), cellSchema).nullable(),
  histogram: z.array(bin).nullable(),
  outliers: z.object({ count: z.number().int(), lower: z.number(), upper: z.number() }).nullable(),
  /** Without the outliers, of which so many lie below and above. */
  typical: z.object({ below: z.number().int(), above: z.number().int(), histogram: z.array(bin) }).nullable(),
  topValues: z.array(z.object({ value: cellSchema, count: z.number().int() })).nullable(),
});

export const profileSchema = z.object({
  datasetId: z.uuid(),
  taskId: z.uuid(),
  /** False where the dataset changed since. */
  current: z.boolean(),
  rowCount: z.number().int(),
  columns: z.array(columnProfileSchema),
  createdAt: z.iso.datetime(),
});
export type ProfileResponse = z.infer<typeof profileSchema>;

export const toProfile = ({ profile, isCurrent }: LatestProfile): ProfileResponse => ({
  datasetId: profile.datasetId,
  taskId: profile.taskId,
  current: isCurrent,
  rowCount: profile.rowCount,
  columns: profile.columns,
  createdAt: profile.createdAt.toISOString(),
});
