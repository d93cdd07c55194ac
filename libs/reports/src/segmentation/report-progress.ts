import type { ClusterPhase } from '@app/clustering';
import type { ProgressReport } from '@app/tasks';

export type ReportPhase = 'reading' | ClusterPhase | 'storing';

/** Percent of a report that are done when a phase begins and when it ends: shares of time as measured. */
const PERCENT: Record<ReportPhase, readonly [from: number, to: number]> = {
  reading: [0, 40],
  clustering: [40, 75],
  scoring: [75, 85],
  storing: [85, 100],
};

/** How far a report is. @param share of the phase, 0…1 */
export function reportProgress(phase: ReportPhase, share: number): ProgressReport {
  const [from, to] = PERCENT[phase];
  return { done: Math.round(from + (to - from) * share), total: 100, unit: 'percent', phase };
}
