import type { DateOrder, DecimalMark } from '../columns/column.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** How a file is read, decided from its bytes; stored with the upload. */
export interface Dialect {
  /** WHATWG label. `utf-8`, `utf-16le`, `utf-16be` and the fallback are decided, others are given. */
  encoding: string;
  /** Bytes of a byte order mark before the text. */
  bomBytes: number;
  delimiter: string;
  quote: '"';
  /** True where the first record names the columns. */
  header: boolean;
}

/** What a caller decides against the evidence of the bytes. */
export interface DialectOverrides {
  encoding?: string | undefined;
  delimiter?: string | undefined;
  /** Whether the first record names the columns. */
  header?: boolean | undefined;
  decimal?: DecimalMark | undefined;
  dateOrder?: DateOrder | undefined;
}

export interface FileLimits {
  maxRecordBytes: number;
  maxCellBytes: number;
  maxColumns: number;
  /** In characters. */
  maxHeaderLength: number;
}
