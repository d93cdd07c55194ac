import { type Comparison, type ReportEntity, shownNames } from '@app/reports';

/** A segment as notices tell of it. */
export interface SegmentNews {
  index: number;
  /** By which people are shown it. */
  name: string;
  size: number;
  share: number;
  /** Null where no amounts are known. */
  revenueShare: number | null;
  summary: string;
  action: string;
}

/** How many shoppers did what since an earlier report. */
export type Migration = Comparison['totals'] & { since: string };

/** The segments of a finished report. */
export function segmentNews(report: Pick<ReportEntity, 'outcome' | 'continues' | 'params'>): SegmentNews[] {
  const names = shownNames(report);
  return (report.outcome?.segments ?? []).map((segment) => {
    const { index, size, share, revenueShare, summary, action, label } = segment;
    return { index, name: names[index] ?? label, size, share, revenueShare, summary, action };
  });
}

export interface SegmentMove {
  name: string;
  /** What it was called before; null where no earlier segment is like it. */
  before: string | null;
  /** How much of both is the same people, 0…1. */
  similarity: number;
}

/** Segments that are not made of the same people as before; none where there is no earlier report. */
export function segmentMoves(report: Pick<ReportEntity, 'outcome' | 'continues' | 'params'>): SegmentMove[] {
  const { continues } = report;
  if (continues === null || continues.every((earlier) => earlier === null)) return [];
  return segmentNews(report).flatMap(({ index, name }) => {
    const earlier = continues[index] ?? null;
    if (earlier !== null && earlier.similarity === 1) return [];
    return [{ name, before: earlier?.name ?? null, similarity: earlier?.similarity ?? 0 }];
  });
}
