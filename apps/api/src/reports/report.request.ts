import { CHANGES, REPORT_STATUSES, reportRequestSchema } from '@app/reports';
import { z } from 'zod';
import { listQuery } from '../http/listing.js';

export const reportBody = reportRequestSchema.safeExtend({ customerId: z.uuid() });
export type ReportBody = z.infer<typeof reportBody>;

export const reportListQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  ordering: listQuery.ordering,
  customerId: z.uuid().optional(),
  status: z.enum(REPORT_STATUSES).optional(),
});
export type ReportListQuery = z.infer<typeof reportListQuery>;

export const memberListQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  ordering: listQuery.ordering,
});
export type MemberListQuery = z.infer<typeof memberListQuery>;

/** The number of a segment in a path; what is none names no segment. */
export const segmentIndex = z
  .string()
  .transform((value) => (/^\d{1,3}$/.test(value) ? Number(value) : Number.NaN));

const ofSegment = z
  .string()
  .regex(/^\d{1,3}$/, 'the index of a segment')
  .transform(Number)
  .optional();

export const comparisonQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  /** Which shoppers are listed as movers. */
  change: z.enum(CHANGES).default('moved'),
  from: ofSegment,
  to: ofSegment,
});
export type ComparisonQuery = z.infer<typeof comparisonQuery>;
