import { writeRecord } from '../write-record.js';
import { FramePlan, type PlannedFrame } from '../scan/frame-plan.js';
import { BufferedFile } from './buffered-file.js';
import { readRecords } from './read-records.js';
import { type JudgeOptions, RecordJudge } from './record-judge.js';
import type { OnBytes, TableSource } from './table-source.js';

export interface NormaliseReport {
  records: number;
  rejected: number;
  blankLines: number;
  frames: PlannedFrame[];
}

const LINE_FEED = Buffer.from('\n');

/** Writes the records that load to `target`: no header, LF between records, plain quoting, nothing else changed. */
export function normaliseFile(
  source: TableSource,
  options: JudgeOptions & { target: string },
  onBytes: OnBytes,
): NormaliseReport {
  const judge = new RecordJudge(source, options);
  const target = new BufferedFile(options.target);
  const plan = new FramePlan(source.columns);
  let headerSeen = !source.header;
  let records = 0;
  let rejected = 0;
  try {
    const { blankLines } = readRecords(
      source,
      (record) => {
        if (!headerSeen) {
          headerSeen = true;
          return;
        }
        records += 1;
        const verdict = judge.judge(record);
        if (verdict !== 'plain' && 'rejection' in verdict) {
          rejected += 1;
          return;
        }
        const cells = verdict === 'plain' ? [''] : verdict.cells;
        const bytes = verdict === 'plain' ? record.bytes : undefined;
        target.write(
          bytes === undefined || bytes.length === 0 ? writeRecord(cells, source.delimiter) : bytes,
        );
        target.write(LINE_FEED);
        plan.add(record.end - record.start);
      },
      onBytes,
    );
    return { records, rejected, blankLines, frames: plan.finish() };
  } finally {
    target.close();
  }
}
