import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { RECORD_FLAGS } from '../scan/record-scanner.js';
import { type RecordRejection, rejectReason } from '../scan/reject-reason.js';
import type { RawRecord } from './read-records.js';
import type { TableSource } from './table-source.js';

export interface JudgeOptions {
  /** Look for broken characters in every record. */
  checkUtf8: boolean;
  /** Read every record by csv-parse, not only those with unusual quotes. */
  parseAll: boolean;
}

/** What becomes of a record: rejected, its bytes as they stand, or the cells csv-parse read. */
export type Verdict = { rejection: RecordRejection } | { cells: string[] } | 'plain';

/** Decides single records; the same record gets the same verdict in every pass. */
export class RecordJudge {
  constructor(
    private readonly source: TableSource,
    private readonly options: JudgeOptions,
  ) {}

  judge(record: RawRecord): Verdict {
    const rejection = rejectReason(record.fields, record.flags, this.source.columns);
    if (rejection !== undefined) return { rejection };
    if (record.bytes === undefined) return { rejection: 'record_too_large' };
    if (this.options.checkUtf8 && !isUtf8(record.bytes)) return { rejection: 'invalid_encoding' };
    const unusual = (record.flags & RECORD_FLAGS.quoteInText) !== 0;
    return unusual || this.options.parseAll ? this.parse(record.bytes) : 'plain';
  }

  private parse(bytes: Buffer): Verdict {
    if (bytes.length === 0) return { cells: [''] };
    try {
      const records: string[][] = parse(bytes, {
        delimiter: this.source.delimiter,
        record_delimiter: ['\r\n', '\n', '\r'],
        relax_column_count: true,
        relax_quotes: true,
      });
      const [cells] = records;
      if (records.length === 1 && cells?.length === this.source.columns) return { cells };
    } catch {
      // csv-parse refuses what the scan let pass: rejected below, never guessed.
    }
    return { rejection: 'unreadable_record' };
  }
}
