import { type Continuation, type ReportEntity, type ReportOutcome, shownNames } from '@app/reports';
import { z } from 'zod';

export const share = z.number().min(0).max(1);
const byFeature = z.record(z.string(), z.number());

export const segmentSchema = z.object({
  index: z.number().int(),
  /** A rule over the means of today. */
  label: z.string(),
  /** To be shown: that by which people know it from earlier reports, else the label. */
  name: z.string(),
  size: z.number().int(),
  share,
  /** Null where the data holds no amounts. */
  revenueShare: share.nullable(),
  /** Means, in the features' own units. */
  centroid: byFeature,
  spread: z.record(z.string(), z.object({ p25: z.number(), p50: z.number(), p75: z.number() })),
  summary: z.string(),
  action: z.string(),
  /** What sets it apart from all others: means, and their distance in standard deviations. */
  distinguishing: z.array(
    z.object({
      feature: z.string(),
      direction: z.enum(['higher', 'lower']),
      difference: z.number(),
      mean: z.number(),
      others: z.number(),
    }),
  ),
  /** By revenue; `product` is its name where the data has one, else its code. */
  topProducts: z.array(z.object({ product: z.string(), code: z.string(), revenue: z.number() })),
  /** Ids of typical shoppers. */
  examples: z.array(z.string()),
  /** Of one row a shopper: the most frequent values of columns that are no numbers. */
  categories: z.array(
    z.object({
      column: z.string(),
      values: z.array(z.object({ value: z.string(), share, overall: share })),
    }),
  ),
  /** `similarity` = shoppers in both segments divided by those in either. */
  continues: z
    .object({ reportId: z.uuid(), index: z.number().int(), label: z.string(), similarity: z.number() })
    .nullable(),
});
export type SegmentResponse = z.infer<typeof segmentSchema>;

// Postgres gives the members of JSON in an order of its own; this puts them into ours.
export function toSegment(
  report: ReportEntity,
  { features }: ReportOutcome,
  segment: ReportOutcome['segments'][number],
): SegmentResponse {
  const names = features.map(({ name }) => name);
  const { index, label, size, share, revenueShare, summary, action } = segment;
  const { continues } = report;
  const none = { p25: 0, p50: 0, p75: 0 };
  return {
    index,
    label,
    name: shownNames(report)[index] ?? label,
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
    distinguishing: segment.distinguishing.map(({ feature, direction, difference, mean, others }) => ({
      feature,
      direction,
      difference,
      mean,
      others,
    })),
    topProducts: segment.topProducts.map(({ product, code, revenue }) => ({ product, code, revenue })),
    examples: segment.examples,
    categories: segment.categories.map(({ column, values }) => ({
      column,
      values: values.map(({ value, share, overall }) => ({ value, share, overall })),
    })),
    continues: toContinuation(continues?.[index] ?? null),
  };
}

function toContinuation(continuation: Continuation | null): SegmentResponse['continues'] {
  if (continuation === null) return null;
  const { reportId, index, label, similarity } = continuation;
  return { reportId, index, label, similarity };
}
