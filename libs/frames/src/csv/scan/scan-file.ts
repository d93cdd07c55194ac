import { isPlainForm } from '../dialect.js';
import { chunksOf } from '../file/chunks.js';
import type { OnBytes, TableSource } from '../file/table-source.js';
import { FramePlan, type PlannedFrame } from './frame-plan.js';
import { ReplacementSearch } from './replacement-search.js';
import { RECORD_FLAGS, RecordScanner } from './record-scanner.js';
import { rejectReason } from './reject-reason.js';
import { Utf8Check } from './utf8-check.js';

/** What one pass over all bytes shows. Records do not count the header. */
export interface ScanReport {
  records: number;
  /** Records that the form alone rejects. */
  rejected: number;
  blankLines: number;
  longestRecord: number;
  lineEnds: { lf: number; crlf: number; cr: number };
  validUtf8: boolean;
  hasNul: boolean;
  /** U+FFFD stands somewhere: characters were lost before. */
  hasReplacements: boolean;
  /** Line on which a quote opens that never closes. */
  unclosedQuoteLine: number | undefined;
  /** Records that only csv-parse reads exactly: quotes within unquoted text. */
  quotesInText: number;
  /** False where lines stand before the header. */
  startsAtOnce: boolean;
  /** Line of the first record where every record has one line of its own and no other line stands between them. */
  firstLine: number | undefined;
  plainForm: boolean;
  frames: PlannedFrame[];
}

/** One pass over the file: some 250 MB/s, memory of one chunk. */
export function scanFile(source: TableSource, onBytes: OnBytes): ScanReport {
  const utf8 = new Utf8Check();
  const plan = new FramePlan(source.columns);
  let headerSeen = !source.header;
  let rejected = 0;
  let quotesInText = 0;
  let firstStart = -1;
  const lines = { first: 0, next: 0, consecutive: true };
  let hasNul = false;
  const replacements = new ReplacementSearch();
  let unclosedQuoteLine: number | undefined;
  const scanner = new RecordScanner(
    source,
    source.limits,
    (start, end, line, fields, flags) => {
      if (firstStart < 0) firstStart = start;
      if (!headerSeen) {
        headerSeen = true;
        if (flags !== 0) quotesInText += 1;
        return;
      }
      if (lines.next === 0) lines.first = line;
      else if (line !== lines.next) lines.consecutive = false;
      lines.next = line + 1;
      if (flags === 0 && fields === source.columns) {
        plan.add(end - start);
        return;
      }
      if ((flags & RECORD_FLAGS.unclosedQuote) !== 0) unclosedQuoteLine = line;
      if (rejectReason(fields, flags, source.columns) !== undefined) rejected += 1;
      else {
        quotesInText += 1;
        plan.add(end - start);
      }
    },
    { ...source, oneColumn: source.columns === 1 },
  );
  let done = source.start;
  for (const chunk of chunksOf(source.path, source.start)) {
    utf8.push(chunk);
    hasNul ||= chunk.includes(0);
    replacements.push(chunk);
    scanner.push(chunk);
    done += chunk.length;
    onBytes(done);
  }
  scanner.finish();
  return {
    records: scanner.records - (source.header ? 1 : 0),
    rejected,
    blankLines: scanner.blankLines,
    longestRecord: scanner.longestRecord,
    lineEnds: scanner.lineEnds,
    validUtf8: utf8.finish(),
    hasNul,
    hasReplacements: replacements.found,
    unclosedQuoteLine,
    quotesInText,
    startsAtOnce: firstStart === source.start && source.firstLine === 1,
    firstLine: lines.consecutive ? lines.first : undefined,
    plainForm: isPlainForm(source),
    frames: plan.finish(),
  };
}

/** The kind of line end of a file that has one kind. */
export const lineEndsOf = ({ lineEnds: { lf, crlf } }: ScanReport): keyof ScanReport['lineEnds'] =>
  lf > 0 ? 'lf' : crlf > 0 ? 'crlf' : 'cr';

/** True where DuckDB reads the file exactly: nothing to reject, one kind of line end, plain quoting. */
export function isSimple(report: ScanReport): boolean {
  const kinds = Object.values(report.lineEnds).filter((count) => count > 0).length;
  return (
    report.validUtf8 &&
    report.rejected === 0 &&
    report.quotesInText === 0 &&
    report.startsAtOnce &&
    report.plainForm &&
    kinds === 1
  );
}
