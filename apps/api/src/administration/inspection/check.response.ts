import { type CheckReport, DIFFERENCE_KINDS } from '@app/inspection';
import { z } from 'zod';

export const checkSchema = z.object({
  clean: z.boolean(),
  checkedAt: z.iso.datetime(),
  seconds: z.number(),
  /** How many of what were compared. */
  compared: z.record(z.string(), z.number().int()),
  /** Hash of the last seal of the audit. */
  auditSeal: z.string().nullable(),
  differences: z.array(
    z.object({ kind: z.enum(DIFFERENCE_KINDS), id: z.string(), detail: z.string(), remedy: z.string() }),
  ),
});
export type CheckResponse = z.infer<typeof checkSchema>;

export const toCheck = ({ checkedAt, ...report }: CheckReport): CheckResponse => ({
  ...report,
  checkedAt: checkedAt.toISOString(),
});
