import type { FileLimits } from '../dialect.js';

/** Bytes that hold a table in an ASCII-compatible encoding, with all that is needed to find its records. */
export interface TableSource {
  path: string;
  sizeBytes: number;
  /** Byte at which the text begins. */
  start: number;
  delimiter: string;
  header: boolean;
  columns: number;
  limits: Pick<FileLimits, 'maxRecordBytes' | 'maxCellBytes'>;
}

/** Bytes read so far. */
export type OnBytes = (done: number) => void;
