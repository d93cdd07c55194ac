import { type RecordRejection, RECORD_REJECTIONS } from '../scan/reject-reason.js';
import type { AnomalyType } from '../../quality/anomaly-types.js';
import { BufferedFile } from './buffered-file.js';
import { chunksOf } from './chunks.js';
import { textEncoder } from './encode-text.js';
import { linesOf } from './lines.js';
import { type RawRecord, readRecords } from './read-records.js';
import { type JudgeOptions, RecordJudge } from './record-judge.js';
import type { OnBytes, TableSource } from './table-source.js';

/** A kind of finding that the typed table shows, such as bad casts of one column. */
export interface FindingKind {
  type: AnomalyType;
  column: string | null;
  message: string;
  /** True where the record is rejected. */
  rejects: boolean;
}

/** What was found, counted; single findings stand in the anomalies file. */
export interface Finding {
  type: AnomalyType;
  /** Column name; null where it concerns whole records. */
  column: string | null;
  count: number;
  /** Of rejected records (true) or of rows that load (false). */
  rejected: boolean;
  /** The first lines concerned, at most 5. */
  firstLines: number[];
  message: string;
}

export interface FindingsJob extends JudgeOptions {
  /** NDJSON `{r, k, v}` in order of `r`: number among the records that pass the judge, kind, value. */
  flagged: string | undefined;
  kinds: FindingKind[];
  anomalies: string;
  rejects: string;
  /** Encoding of the uploaded bytes, in which rejects are written, and its byte order mark. */
  encoding: string;
  byteOrderMark: Uint8Array;
}

interface Flag {
  r: number;
  k: number;
  v: string | null;
}

const FIRST_LINES = 5;
const VALUE_CHARACTERS = 1000;

/**
 * Second pass over the records: gives every finding its physical line, writes anomalies (NDJSON
 * `{line, column, type, value, message}`) and the rejected records with the original header, both in file order.
 */
export function reportFindings(source: TableSource, job: FindingsJob, onBytes: OnBytes): Finding[] {
  const judge = new RecordJudge(source, job);
  const writer = new FindingsWriter(source, job);
  const flags = job.flagged === undefined ? undefined : linesOf(job.flagged);
  const nextFlag = (): Flag | undefined => {
    const next = flags?.next();
    return next === undefined || next.done === true ? undefined : (JSON.parse(next.value) as Flag);
  };
  let flag = nextFlag();
  let passed = 0;
  let headerSeen = !source.header;
  try {
    readRecords(
      source,
      (record) => {
        if (!headerSeen) {
          headerSeen = true;
          writer.header(record);
          return;
        }
        const verdict = judge.judge(record);
        if (verdict !== 'plain' && 'rejection' in verdict) {
          writer.rejection(record, verdict.rejection);
          return;
        }
        let rejects = false;
        while (flag?.r === passed) {
          const kind = job.kinds[flag.k] as FindingKind;
          writer.finding(record.line, kind, flag.v);
          rejects ||= kind.rejects;
          flag = nextFlag();
        }
        if (rejects) writer.rejectedRecord(record);
        passed += 1;
      },
      onBytes,
    );
  } finally {
    writer.close();
    flags?.return(undefined);
  }
  return writer.findings();
}

class FindingsWriter {
  private readonly anomalies: BufferedFile;
  private readonly rejects: BufferedFile;
  private readonly encode: (utf8: Buffer) => Buffer;
  private readonly counted = new Map<string, Finding>();

  constructor(
    private readonly source: TableSource,
    job: FindingsJob,
  ) {
    this.anomalies = new BufferedFile(job.anomalies);
    this.rejects = new BufferedFile(job.rejects);
    this.encode = textEncoder(job.encoding);
    this.rejects.write(job.byteOrderMark);
  }

  header(record: RawRecord): void {
    this.rejectedRecord(record);
  }

  rejection(record: RawRecord, type: RecordRejection): void {
    const message =
      type === 'ragged_row'
        ? `The record has ${record.fields} fields, the header has ${this.source.columns}.`
        : RECORD_REJECTIONS[type];
    this.finding(record.line, { type, column: null, message, rejects: true }, null);
    this.rejectedRecord(record);
  }

  finding(line: number, kind: FindingKind, value: string | null): void {
    const { type, column, message, rejects } = kind;
    const shown = value === null ? null : value.slice(0, VALUE_CHARACTERS);
    this.anomalies.write(`${JSON.stringify({ line, column, type, value: shown, message })}\n`);
    const key = JSON.stringify([type, column]);
    let finding = this.counted.get(key);
    if (finding === undefined) {
      // One sentence for all: a count of fields belongs to the single record.
      const general = type === 'ragged_row' ? RECORD_REJECTIONS.ragged_row : message;
      finding = { type, column, count: 0, rejected: rejects, firstLines: [], message: general };
      this.counted.set(key, finding);
    }
    finding.count += 1;
    if (finding.firstLines.length < FIRST_LINES) finding.firstLines.push(line);
  }

  rejectedRecord(record: RawRecord): void {
    if (record.bytes !== undefined) this.rejects.write(this.encode(record.bytes));
    else {
      // Too long for memory: its bytes are copied from the file, piece by piece.
      for (const chunk of chunksOf(this.source.path, record.start, record.end)) this.rejects.write(chunk);
    }
    this.rejects.write(this.encode(Buffer.from('\n')));
  }

  findings(): Finding[] {
    return [...this.counted.values()];
  }

  close(): void {
    this.anomalies.close();
    this.rejects.close();
  }
}
