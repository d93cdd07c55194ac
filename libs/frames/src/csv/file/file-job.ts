import { type ScanReport, scanFile } from '../scan/scan-file.js';
import type { DecidedEncoding } from '../preflight/encoding.js';
import { inspectEncoding, type InspectionJob } from './inspect-encoding.js';
import { type LocateJob, locateRecords } from './locate-records.js';
import { type NormaliseReport, normaliseFile } from './normalise-file.js';
import type { JudgeOptions } from './record-judge.js';
import type { OnBytes, TableSource } from './table-source.js';
import { type TranscodeJob, transcodeFile } from './transcode-file.js';

/** A pass over all bytes of a file. Plain data, so that a worker thread can take it. */
export type FileJob =
  | { kind: 'scan'; source: TableSource }
  | { kind: 'inspectEncoding'; options: InspectionJob }
  | { kind: 'normalise'; source: TableSource; options: JudgeOptions & { target: string } }
  | { kind: 'locate'; source: TableSource; options: LocateJob }
  | { kind: 'transcode'; options: TranscodeJob };

export interface FileJobResults {
  scan: ScanReport;
  inspectEncoding: DecidedEncoding;
  normalise: NormaliseReport;
  locate: void;
  transcode: boolean;
}

/** Runs a job on this thread. */
export function runFileJob(job: FileJob, onBytes: OnBytes): FileJobResults[FileJob['kind']] {
  switch (job.kind) {
    case 'scan':
      return scanFile(job.source, onBytes);
    case 'inspectEncoding':
      return inspectEncoding(job.options, onBytes);
    case 'normalise':
      return normaliseFile(job.source, job.options, onBytes);
    case 'locate':
      return locateRecords(job.source, job.options, onBytes);
    case 'transcode':
      return transcodeFile(job.options, onBytes);
  }
}
