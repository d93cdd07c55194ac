import type { ReportContent } from '../report.response.js';

/** A report with the names that belong on its page. */
export interface ReportSubject {
  report: ReportContent;
  customer: string;
  /** Those that the report was asked for; none where it is about all data. */
  stores: readonly string[];
}
