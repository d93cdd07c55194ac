import { StringDecoder } from 'node:string_decoder';
import { type RecordRejection } from '../scan/reject-reason.js';
import { BufferedFile } from './buffered-file.js';
import { chunksOf } from './chunks.js';
import { textEncoder } from './encode-text.js';
import { linesOf } from './lines.js';
import { type RawRecord, readRecords } from './read-records.js';
import { type JudgeOptions, RecordJudge } from './record-judge.js';
import type { OnBytes, TableSource } from './table-source.js';

export interface LocateJob extends JudgeOptions {
  /**
   * CSV `r,rejects` in order of `r`, the number among the records that pass the judge: those of which something is to be
   * said, and whether they are rejected.
   */
  flagged: string;
  /** Made: CSV `r,line,rejection,fields` of these and, without `r`, of the records that the judge rejects. */
  located: string;
  /** Made: the original header and the rejected records, in file order. */
  rejects: string;
  /** Encoding of the uploaded bytes, in which rejects are written, and its byte order mark. */
  encoding: string;
  byteOrderMark: Uint8Array;
}

/** Second pass over the records: gives every record that something was found in its physical line. */
export function locateRecords(source: TableSource, job: LocateJob, onBytes: OnBytes): void {
  const judge = new RecordJudge(source, job);
  const located = new BufferedFile(job.located);
  const rejects = new RejectsFile(source, job);
  const flags = linesOf(job.flagged);
  const nextFlag = (): { r: number; rejects: boolean } | undefined => {
    const next = flags.next();
    if (next.done === true) return undefined;
    const [r, rejected] = next.value.split(',');
    return { r: Number(r), rejects: rejected === 'true' };
  };
  const rejected = (record: RawRecord, rejection: RecordRejection): void => {
    located.write(`,${record.line},${rejection},${record.fields}\n`);
    rejects.record(record);
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
          rejects.record(record);
          return;
        }
        const verdict = judge.judge(record);
        if (verdict !== 'plain' && 'rejection' in verdict) {
          rejected(record, verdict.rejection);
          return;
        }
        if (flag?.r === passed) {
          located.write(`${passed},${record.line},,\n`);
          if (flag.rejects) rejects.record(record);
          flag = nextFlag();
        }
        passed += 1;
      },
      onBytes,
    );
  } finally {
    located.close();
    rejects.close();
    flags.return(undefined);
  }
}

/** Records as they stand in the upload: in its encoding, each on a line of its own. */
class RejectsFile {
  private readonly file: BufferedFile;
  private readonly encode: (utf8: Buffer) => Buffer;

  constructor(
    private readonly source: TableSource,
    private readonly job: Pick<LocateJob, 'rejects' | 'encoding' | 'byteOrderMark'>,
  ) {
    const { rejects, encoding, byteOrderMark } = job;
    this.file = new BufferedFile(rejects);
    this.encode = textEncoder(encoding);
    this.file.write(byteOrderMark);
  }

  record({ bytes, start, end }: RawRecord): void {
    if (bytes !== undefined) this.file.write(this.encode(bytes));
    else this.copy(start, end);
    this.file.write(this.encode(Buffer.from('\n')));
  }

  /** A record too long for memory, piece by piece. UTF-8 is copied as it stands, broken as it may be; a piece may cut a character. */
  private copy(start: number, end: number): void {
    const decoder = this.job.encoding === 'utf-8' ? undefined : new StringDecoder('utf8');
    for (const chunk of chunksOf(this.source.path, start, end)) {
      this.file.write(decoder === undefined ? chunk : this.encode(Buffer.from(decoder.write(chunk))));
    }
  }

  close(): void {
    this.file.close();
  }
}
