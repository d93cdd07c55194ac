import { isUtf8 } from 'node:buffer';
import { isPlainForm } from '../dialect.js';
import { RECORD_FLAGS } from '../scan/record-scanner.js';
import { type RecordRejection, rejectReason } from '../scan/reject-reason.js';
import type { RawRecord } from './read-records.js';
import { cellsOf } from './record-cells.js';
import type { TableSource } from './table-source.js';

export interface JudgeOptions {
  /** Look for broken characters in every record. */
  checkUtf8: boolean;
  /** Read every record cell by cell, not only those with unusual quotes. */
  parseAll: boolean;
}

/** What becomes of a record: rejected, its bytes as they stand, or its cells where those would be misread. */
export type Verdict = { rejection: RecordRejection } | { cells: string[] } | 'plain';

/** Decides single records; the same record gets the same verdict in every pass. */
export class RecordJudge {
  private readonly parseAll: boolean;

  constructor(
    private readonly source: TableSource,
    private readonly options: JudgeOptions,
  ) {
    this.parseAll = options.parseAll || !isPlainForm(source);
  }

  judge(record: RawRecord): Verdict {
    const rejection = rejectReason(record.fields, record.flags, this.source.columns);
    if (rejection !== undefined) return { rejection };
    if (record.bytes === undefined) return { rejection: 'record_too_large' };
    if (this.options.checkUtf8 && !isUtf8(record.bytes)) return { rejection: 'invalid_encoding' };
    const unusual = (record.flags & RECORD_FLAGS.quoteInText) !== 0;
    return unusual || this.parseAll ? this.parse(record.bytes) : 'plain';
  }

  private parse(bytes: Buffer): Verdict {
    const cells = cellsOf(bytes.toString('utf8'), this.source);
    return cells?.length === this.source.columns ? { cells } : { rejection: 'unreadable_record' };
  }
}
