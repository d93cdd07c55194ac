import type { ReportSummary } from '@app/api-client';

/** One report among those that can be shown beside each other. */
export interface Point {
  /** Day of the data. */
  day: string;
  report: ReportSummary;
}

/** Reports over all stores where there are any: one of a single store tells of other shoppers. */
export function comparable(finished: readonly ReportSummary[]): readonly ReportSummary[] {
  const overall = finished.filter(({ storeId }) => storeId === null);
  return overall.length > 0 ? overall : finished;
}

/**
 * Reports by the day of their data, the earliest first; of several of one day the newest counts.
 * @param reports the newest first
 * @param dayOf shows a moment as its day
 */
export function pointsOf(reports: readonly ReportSummary[], dayOf: (moment: string) => string): Point[] {
  const days = new Map<string, ReportSummary>();
  for (const report of reports) {
    const day = (report.data.asOf ?? report.createdAt).slice(0, 'yyyy-mm-dd'.length);
    if (!days.has(day)) days.set(day, report);
  }
  return [...days]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, report]) => ({ day: dayOf(day), report }));
}

/** Names of all segments, as the latest report orders them, then those it has no more. */
export function segmentNames(points: readonly Point[]): string[] {
  return [...new Set(points.toReversed().flatMap(({ report }) => report.segments.map(({ name }) => name)))];
}
