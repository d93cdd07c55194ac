import { FILTER_OPERATORS } from '@app/frames';
import { z } from 'zod';
import { pageOf } from '../../http/listing.js';

export const cellSchema = z.union([z.string(), z.number(), z.boolean()]).nullable();
const figure = z.number().nullable();

/** `mean` and what follows stand at numeric columns only. */
const summarySchema = z.object({
  count: z.number().int(),
  nulls: z.number().int(),
  min: cellSchema,
  max: cellSchema,
  mean: figure.optional(),
  stddev: figure.optional(),
  sum: figure.optional(),
  p25: figure.optional(),
  p50: figure.optional(),
  p75: figure.optional(),
});

const summariesSchema = z.record(z.string(), summarySchema);

export const statsSchema = z.object({
  count: z.number().int(),
  filters: z.array(
    z.object({
      column: z.string(),
      operator: z.enum(FILTER_OPERATORS),
      value: z.union([z.string(), z.array(z.string())]),
    }),
  ),
  columns: summariesSchema,
  groupCount: z.number().int().optional(),
  groups: z
    .array(
      z.object({
        key: z.record(z.string(), cellSchema),
        count: z.number().int(),
        columns: summariesSchema,
      }),
    )
    .optional(),
  message: z.string().optional(),
});
export type StatsResponse = z.infer<typeof statsSchema>;

export const valuesPage = pageOf(z.object({ value: cellSchema, count: z.number().int() }));
