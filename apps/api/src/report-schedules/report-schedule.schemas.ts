import { type PlannedReport, RUN_OUTCOMES } from '@app/report-schedules';
import { reportRequestSchema } from '@app/reports';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';

const timezone = z
  .string()
  .refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', 'no time zone');
const schedule = z
  .string()
  .min(1)
  .max(100)
  .nullable()
  .meta({ description: 'Five-field cron, or `every 55m` from the last start; null for new data alone.' });

export const newReportScheduleBody = z.strictObject({
  customerId: z.uuid(),
  name: text(200, 0).default(''),
  report: reportRequestSchema
    .prefault({})
    .meta({ description: 'What is asked for each time, as for POST /reports.' }),
  schedule: schedule.default(null),
  timezone: timezone.default('UTC'),
  onNewData: z.boolean().default(false),
  enabled: z.boolean().default(true),
});
export type NewReportScheduleBody = z.infer<typeof newReportScheduleBody>;

export const reportScheduleChangesBody = z.strictObject({
  name: text(200, 0).optional(),
  report: reportRequestSchema.optional(),
  schedule: schedule.optional(),
  timezone: timezone.optional(),
  onNewData: z.boolean().optional(),
  enabled: z.boolean().optional(),
});
export type ReportScheduleChangesBody = z.infer<typeof reportScheduleChangesBody>;

export const reportScheduleResponse = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  name: z.string(),
  report: z.record(z.string(), z.unknown()),
  schedule: z.string().nullable(),
  timezone: z.string(),
  onNewData: z.boolean(),
  enabled: z.boolean(),
  nextAt: z.iso.datetime().nullable(),
  lastRunAt: z.iso.datetime().nullable(),
  lastOutcome: z
    .enum(RUN_OUTCOMES)
    .nullable()
    .meta({ description: 'unchanged: nothing was delivered, as nothing had changed.' }),
  lastReportId: z.uuid().nullable(),
  lastError: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ReportScheduleResponse = z.infer<typeof reportScheduleResponse>;

export const reportSchedulePage = pageOf(reportScheduleResponse);

export const toReportScheduleResponse = ({
  reportSchedule,
  plan,
}: PlannedReport): ReportScheduleResponse => ({
  id: reportSchedule.id,
  customerId: reportSchedule.customerId,
  name: reportSchedule.name,
  report: { ...reportSchedule.request },
  schedule: plan?.timing ?? null,
  timezone: plan?.timezone ?? 'UTC',
  onNewData: reportSchedule.onNewData,
  enabled: reportSchedule.enabled,
  nextAt: plan?.nextAt?.toISOString() ?? null,
  lastRunAt: reportSchedule.lastRunAt?.toISOString() ?? null,
  lastOutcome: reportSchedule.lastOutcome,
  lastReportId: reportSchedule.lastReportId,
  lastError: reportSchedule.lastError,
  createdBy: reportSchedule.createdBy,
  createdAt: reportSchedule.createdAt.toISOString(),
  updatedAt: reportSchedule.updatedAt.toISOString(),
});

export const reportScheduleListQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  ordering: listQuery.ordering,
  customerId: z.uuid().optional(),
});
export type ReportScheduleListQuery = z.infer<typeof reportScheduleListQuery>;
