import type { Report, ReportSummary } from '@app/api-client';

/** Finished reports of the same shops that one may be compared with: those before it first, the latest of them foremost. */
export function othersOf(
  { id, storeId, createdAt }: Pick<Report, 'id' | 'storeId' | 'createdAt'>,
  reports: readonly ReportSummary[],
): ReportSummary[] {
  const others = reports.filter(
    (other) => other.id !== id && other.status === 'succeeded' && other.storeId === storeId,
  );
  const isEarlier = (other: ReportSummary) => other.createdAt < createdAt;
  return [...others.filter(isEarlier), ...others.filter((other) => !isEarlier(other))];
}
