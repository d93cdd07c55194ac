import { REPORT_STATUSES, type ReportEntity, type ReportOutcome } from '@app/reports';
import { z } from 'zod';
import { pageOf } from '../http/listing.js';
import { taskResponse } from '../tasks/task.schemas.js';

const share = z.number().min(0).max(1);
const byFeature = z.record(z.string(), z.number());

const scoreSchema = z.object({
  k: z.number().int(),
  inertia: z.number(),
  silhouette: z.number(),
  calinskiHarabasz: z.number().nullable(),
  daviesBouldin: z.number(),
});

const segmentSchema = z.object({
  index: z.number().int(),
  label: z.string(),
  size: z.number().int(),
  share,
  /** Null where the data holds no amounts. */
  revenueShare: share.nullable(),
  /** Means, in the features' own units. */
  centroid: byFeature,
  spread: z.record(z.string(), z.object({ p25: z.number(), p50: z.number(), p75: z.number() })),
  summary: z.string(),
  action: z.string(),
  topProducts: z.array(z.object({ product: z.string(), revenue: z.number() })),
  continues: z
    .object({ reportId: z.uuid(), index: z.number().int(), label: z.string(), similarity: z.number() })
    .nullable(),
});

const reportSummaryShape = {
  id: z.uuid(),
  customerId: z.uuid(),
  storeId: z.uuid().nullable(),
  status: z.enum(REPORT_STATUSES),
  params: z.object({
    storeId: z.uuid().nullable(),
    storeIds: z.array(z.uuid()).nullable(),
    datasetIds: z.array(z.uuid()).nullable(),
    k: z.union([z.literal('auto'), z.number().int()]),
    kMin: z.number().int(),
    kMax: z.number().int(),
    features: z.array(z.string()),
    transform: z.enum(['log1p', 'none']),
    scaling: z.enum(['standard', 'robust', 'minmax', 'none']),
    asOf: z.iso.datetime().nullable(),
    seed: z.number().int(),
  }),
  /** `rows` are those the habits were computed from; the figures are null until the report is finished. */
  data: z.object({
    uploads: z.array(z.object({ id: z.uuid(), sha256: z.string() })),
    rows: z.number().int().nullable(),
    shoppers: z.number().int().nullable(),
    excludedRows: z.number().int().nullable(),
    asOf: z.iso.datetime().nullable(),
    revenue: z.number().nullable(),
  }),
  selection: z.array(scoreSchema),
  k: z.number().int().nullable(),
  quality: z
    .object({ inertia: z.number(), silhouette: z.number(), stability: z.number().nullable() })
    .nullable(),
  features: z.array(
    z.object({ name: z.string(), label: z.string(), unit: z.string(), definition: z.string() }),
  ),
  segments: z.array(segmentSchema),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
};

const reportSummarySchema = z.object(reportSummaryShape);
export type ReportSummary = z.infer<typeof reportSummarySchema>;

export const reportSchema = z.object({
  ...reportSummaryShape,
  projection: z.array(z.object({ x: z.number(), y: z.number(), segment: z.number().int() })),
});
export type ReportResponse = z.infer<typeof reportSchema>;

export const reportPage = pageOf(reportSummarySchema);

export const requestedReportSchema = z.object({ report: reportSchema, task: taskResponse });
export const finishedReportSchema = z.object({ report: reportSchema });

export const memberSchema = z.object({
  shopperId: z.string(),
  segment: z.number().int(),
  features: z.record(z.string(), z.number().nullable()),
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
    },
    selection: outcome?.selection.map(toScore) ?? [],
    k: outcome?.k ?? null,
    quality: outcome === null ? null : toQuality(outcome.quality),
    features:
      outcome?.features.map(({ name, label, unit, definition }) => ({ name, label, unit, definition })) ?? [],
    segments: outcome?.segments.map((segment) => toSegment(report, outcome, segment)) ?? [],
    error: error === null ? null : { code: error.code, message: error.message },
    createdAt: report.createdAt.toISOString(),
    finishedAt: report.finishedAt?.toISOString() ?? null,
  };
}

export const toReport = (report: ReportEntity): ReportResponse => ({
  ...toReportSummary(report),
  projection: report.outcome?.projection.map(({ x, y, segment }) => ({ x, y, segment })) ?? [],
});

// Postgres gives the members of JSON in an order of its own; these put them into ours.

const ordered = ({
  storeId,
  storeIds,
  datasetIds,
  k,
  kMin,
  kMax,
  features,
  transform,
  scaling,
  asOf,
  seed,
}: ReportEntity['params']): ReportSummary['params'] => ({
  storeId,
  storeIds,
  datasetIds,
  k,
  kMin,
  kMax,
  features,
  transform,
  scaling,
  asOf,
  seed,
});

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

const toQuality = ({ inertia, silhouette, stability }: ReportOutcome['quality']) => ({
  inertia,
  silhouette,
  stability,
});

function toSegment(
  { continues }: ReportEntity,
  { features }: ReportOutcome,
  segment: ReportOutcome['segments'][number],
): ReportSummary['segments'][number] {
  const names = features.map(({ name }) => name);
  const { index, label, size, share, revenueShare, summary, action } = segment;
  const none = { p25: 0, p50: 0, p75: 0 };
  return {
    index,
    label,
    size,
    share,
    revenueShare,
    centroid: Object.fromEntries(names.map((name) => [name, segment.centroid[name] ?? 0])),
    spread: Object.fromEntries(
      names.map((name) => {
        const { p25, p50, p75 } = segment.spread[name] ?? none;
        return [name, { p25, p50, p75 }];
      }),
    ),
    summary,
    action,
    topProducts: segment.topProducts.map(({ product, revenue }) => ({ product, revenue })),
    continues: continues?.[index] ?? null,
  };
}
