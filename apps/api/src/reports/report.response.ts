import { REPORT_STATUSES, type ReportEntity, type ReportOutcome } from '@app/reports';
import { z } from 'zod';
import { pageOf } from '../http/listing.js';
import { taskResponse } from '../tasks/task.schemas.js';
import { segmentSchema, share, toSegment } from './segment.response.js';

const scoreSchema = z.object({
  k: z.number().int(),
  inertia: z.number(),
  silhouette: z.number(),
  calinskiHarabasz: z.number().nullable(),
  daviesBouldin: z.number(),
});

const cutPoints = z.array(z.number());
const cutsSchema = z.object({ r: cutPoints, f: cutPoints, m: cutPoints });

const rfmSchema = z.object({
  /** The next score begins above each of them. */
  cuts: cutsSchema,
  groups: z.array(
    z.object({ group: z.string(), size: z.number().int(), share, revenueShare: share.nullable() }),
  ),
});

const problemSchema = z.object({ code: z.string(), message: z.string() });

const reportSummaryShape = {
  id: z.uuid(),
  customerId: z.uuid(),
  storeId: z.uuid().nullable(),
  status: z.enum(REPORT_STATUSES),
  params: z.object({
    storeId: z.uuid().nullable(),
    storeIds: z.array(z.uuid()).nullable(),
    perStore: z.boolean(),
    datasetIds: z.array(z.uuid()).nullable(),
    k: z.union([z.literal('auto'), z.number().int()]),
    kMin: z.number().int(),
    kMax: z.number().int(),
    features: z.array(z.string()),
    transform: z.enum(['log1p', 'none']),
    scaling: z.enum(['standard', 'robust', 'minmax', 'none']),
    asOf: z.iso.datetime().nullable(),
    seed: z.number().int(),
    rfm: z.union([z.object({ bins: z.number().int() }), z.object({ cuts: cutsSchema })]).nullable(),
    groupBy: z.string().nullable(),
  }),
  /** `rows` are those the habits were computed from; the figures are null until the report is finished. */
  data: z.object({
    uploads: z.array(z.object({ id: z.uuid(), sha256: z.string() })),
    rows: z.number().int().nullable(),
    shoppers: z.number().int().nullable(),
    excludedRows: z.number().int().nullable(),
    asOf: z.iso.datetime().nullable(),
    revenue: z.number().nullable(),
    /** Of the stores (ISO 4217); null where they name none. */
    currency: z.string().nullable(),
  }),
  selection: z.array(scoreSchema),
  k: z.number().int().nullable(),
  quality: z
    .object({
      inertia: z.number(),
      silhouette: z.number(),
      silhouetteSample: z
        .number()
        .int()
        .nullable()
        .describe('Shoppers in the sample behind the silhouettes; null where they are exact'),
      stability: z.number().nullable(),
    })
    .nullable(),
  features: z.array(
    z.object({ name: z.string(), label: z.string(), unit: z.string(), definition: z.string() }),
  ),
  segments: z.array(segmentSchema),
  rfm: rfmSchema.nullable(),
  error: problemSchema.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
};

const reportSummarySchema = z.object(reportSummaryShape);
export type ReportSummary = z.infer<typeof reportSummarySchema>;

export const reportSchema = z.object({
  ...reportSummaryShape,
  projection: z.array(z.object({ x: z.number(), y: z.number(), segment: z.number().int() })),
  /** With `perStore`, the reports of the single stores; their segments stand there. */
  children: z
    .array(
      z.object({
        storeId: z.uuid(),
        /** Null where the store's data is too thin, or the report was deleted. */
        reportId: z.uuid().nullable(),
        status: z.enum(REPORT_STATUSES).nullable(),
        error: problemSchema.nullable(),
      }),
    )
    .nullable(),
});
export type ReportResponse = z.infer<typeof reportSchema>;
/** What never changes of a finished report. */
export type ReportContent = Omit<ReportResponse, 'children'>;

export const reportPage = pageOf(reportSummarySchema);

export const requestedReportSchema = z.object({ report: reportSchema, task: taskResponse });
export const finishedReportSchema = z.object({ report: reportSchema });

export const memberSchema = z.object({
  shopperId: z.string(),
  segment: z.number().int(),
  features: z.record(z.string(), z.number().nullable()),
  /** Where the report was asked for with `rfm`. */
  rfm: z
    .object({ r: z.number().int(), f: z.number().int(), m: z.number().int(), group: z.string() })
    .optional(),
});
export const memberPage = pageOf(memberSchema);

/** As in lists: without the picture. */
export function toReportSummary(report: ReportEntity): ReportSummary {
  const { id, customerId, storeId, status, params, input, outcome, error } = report;
  return {
    id,
    customerId,
    storeId,
    status,
    params: ordered(params),
    data: {
      uploads: input.datasets.flatMap(({ uploads }) => uploads).map(({ id, sha256 }) => ({ id, sha256 })),
      rows: outcome?.data.rows ?? null,
      shoppers: outcome?.data.shoppers ?? null,
      excludedRows: outcome?.data.excludedRows ?? null,
      asOf: outcome?.data.asOf ?? null,
      revenue: outcome?.data.revenue ?? null,
      currency: outcome?.data.currency ?? null,
    },
    selection: outcome?.selection.map(toScore) ?? [],
    k: outcome?.k ?? null,
    quality: outcome === null ? null : toQuality(outcome.quality),
    features:
      outcome?.features.map(({ name, label, unit, definition }) => ({ name, label, unit, definition })) ?? [],
    segments: outcome?.segments.map((segment) => toSegment(report, outcome, segment)) ?? [],
    rfm: toRfm(outcome?.rfm ?? null),
    error: error === null ? null : { code: error.code, message: error.message },
    createdAt: report.createdAt.toISOString(),
    finishedAt: report.finishedAt?.toISOString() ?? null,
  };
}

export const toReport = (report: ReportEntity): ReportContent => ({
  ...toReportSummary(report),
  projection: report.outcome?.projection.map(({ x, y, segment }) => ({ x, y, segment })) ?? [],
});

// Postgres gives the members of JSON in an order of its own; these put them into ours.

const ordered = ({
  storeId,
  storeIds,
  perStore,
  datasetIds,
  k,
  kMin,
  kMax,
  features,
  transform,
  scaling,
  asOf,
  seed,
  rfm,
  groupBy,
}: ReportEntity['params']): ReportSummary['params'] => ({
  storeId,
  storeIds,
  perStore,
  datasetIds,
  k,
  kMin,
  kMax,
  features,
  transform,
  scaling,
  asOf,
  seed,
  rfm: rfm !== null && 'cuts' in rfm ? { cuts: toCuts(rfm.cuts) } : rfm,
  groupBy,
});

const toCuts = ({ r, f, m }: NonNullable<ReportOutcome['rfm']>['cuts']) => ({ r, f, m });

function toRfm(rfm: ReportOutcome['rfm']): ReportSummary['rfm'] {
  if (rfm === null) return null;
  const groups = rfm.groups.map(({ group, size, share, revenueShare }) => ({
    group,
    size,
    share,
    revenueShare,
  }));
  return { cuts: toCuts(rfm.cuts), groups };
}

const toScore = ({
  k,
  inertia,
  silhouette,
  calinskiHarabasz,
  daviesBouldin,
}: ReportOutcome['selection'][number]): ReportSummary['selection'][number] => ({
  k,
  inertia,
  silhouette,
  calinskiHarabasz,
  daviesBouldin,
});

const toQuality = ({ inertia, silhouette, silhouetteSample, stability }: ReportOutcome['quality']) => ({
  inertia,
  silhouette,
  silhouetteSample,
  stability,
});
