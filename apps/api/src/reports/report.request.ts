import { REPORT_STATUSES, reportRequestSchema } from '@app/reports';
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

export const exportQuery = z.strictObject({ format: z.enum(['csv', 'json']).default('csv') });
export type ExportQuery = z.infer<typeof exportQuery>;

/** The number of a segment in a path; what is none names no segment. */
export const segmentIndex = z
  .string()
  .transform((value) => (/^\d{1,3}$/.test(value) ? Number(value) : Number.NaN));
