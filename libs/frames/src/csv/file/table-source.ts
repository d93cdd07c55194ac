import type { CellForm, FileLimits } from '../dialect.js';

/** Bytes that hold a table in an ASCII-compatible encoding, with all that is needed to find its records. */
export interface TableSource extends CellForm {
  path: string;
  sizeBytes: number;
  /** Byte at which the table begins, and its physical line, from 1. */
  start: number;
  firstLine: number;
  header: boolean;
  columns: number;
  limits: Pick<FileLimits, 'maxRecordBytes' | 'maxCellBytes'>;
}

/** Bytes read so far. */
export type OnBytes = (done: number) => void;
