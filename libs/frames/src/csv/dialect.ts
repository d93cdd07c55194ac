import type { DateOrder, DecimalMark } from '../columns/column.js';

/** Encodings that are decided from the bytes; others (`iso-8859-15`) by override. WHATWG labels. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | (string & {});
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
export type LineEnd = '\n' | '\r\n' | '\r';

/** How a file is read, decided from its bytes; stored with the upload. */
export interface Dialect {
  encoding: Encoding;
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
  decimal?: DecimalMark | undefined;
  dateOrder?: DateOrder | undefined;
}

export interface FileLimits {
  maxRecordBytes: number;
  maxCellBytes: number;
  maxColumns: number;
  maxHeaderLength: number;
}
