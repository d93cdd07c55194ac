import { type Comparison, type Mover, type ReportEntity, shownNames } from '@app/reports';
import { z } from 'zod';
import { type Page, pageOf } from '../../http/listing.js';

const segmentName = z.object({ index: z.number().int(), label: z.string(), name: z.string() });
type SegmentName = z.infer<typeof segmentName>;

const side = {
  reportId: z.uuid(),
  asOf: z.iso.datetime().nullable(),
  shoppers: z.number().int(),
};
const counts = z.array(z.number().int());

const moverSchema = z.object({
  shopperId: z.string(),
  /** Null for new shoppers. */
  from: segmentName.nullable(),
  /** Null for shoppers that are gone. */
  to: segmentName.nullable(),
  /** The feature that changed most, in standard deviations; null where the shopper is as before. */
  reason: z.string().nullable(),
});

export const comparisonSchema = z.object({
  from: z.object({ ...side, segments: z.array(segmentName.extend({ size: z.number().int() })) }),
  to: z.object({
    ...side,
    segments: z.array(
      segmentName.extend({
        size: z.number().int(),
        /** The segment of `from` that shares most shoppers: those in both divided by those in either. */
        continues: segmentName.extend({ similarity: z.number() }).nullable(),
      }),
    ),
  }),
  /** `matrix[from][to]`: shoppers that were in the one and are in the other. */
  matrix: z.array(counts),
  /** By segment of `to`: shoppers that `from` does not know. */
  new: counts,
  /** By segment of `from`: shoppers that `to` does not know. */
  gone: counts,
  /** `moved`: into another segment than the one that continues theirs. */
  totals: z.object({
    moved: z.number().int(),
    stayed: z.number().int(),
    new: z.number().int(),
    gone: z.number().int(),
  }),
  movers: pageOf(moverSchema),
});
export type ComparisonResponse = z.infer<typeof comparisonSchema>;
export type MoverResponse = z.infer<typeof moverSchema>;

export function toComparison(
  earlier: ReportEntity,
  later: ReportEntity,
  comparison: Comparison,
  movers: Page<MoverResponse>,
): ComparisonResponse {
  const { matrix, gone, totals, continues } = comparison;
  return {
    from: { ...toSide(earlier), segments: segmentsOf(earlier) },
    to: {
      ...toSide(later),
      segments: segmentsOf(later).map((segment, to) => {
        const nearest = continues[to] ?? null;
        const name = nearest === null ? null : named(earlier, nearest.index);
        return {
          ...segment,
          continues: nearest === null || name === null ? null : { ...name, similarity: nearest.similarity },
        };
      }),
    },
    matrix,
    new: comparison.new,
    gone,
    totals,
    movers,
  };
}

export const toMover =
  (earlier: ReportEntity, later: ReportEntity) =>
  ({ shopperId, from, to, reason }: Mover): MoverResponse => ({
    shopperId,
    from: named(earlier, from),
    to: named(later, to),
    reason,
  });

const toSide = ({ id, outcome }: ReportEntity) => ({
  reportId: id,
  asOf: outcome?.data.asOf ?? null,
  shoppers: outcome?.data.shoppers ?? 0,
});

function segmentsOf(report: ReportEntity) {
  const names = shownNames(report);
  return (
    report.outcome?.segments.map(({ index, label, size }) => ({
      index,
      label,
      name: names[index] ?? label,
      size,
    })) ?? []
  );
}

function named(report: ReportEntity, index: number | null): SegmentName | null {
  const label = index === null ? undefined : report.outcome?.segments[index]?.label;
  if (index === null || label === undefined) return null;
  return { index, label, name: shownNames(report)[index] ?? label };
}
