import type { DateOrder, DecimalMark } from '../columns/column.js';
import type { InflationLimits } from './gzip/inflation-guard.js';

/** What may stand between two cells. The space comes last: runs of it are one delimiter, outer ones none. */
export const DELIMITERS = [',', ';', '\t', '|', ' '] as const;
export const SPACE = ' ';

/** The characters that give a table its form. */
export interface CellForm {
  delimiter: string;
  /** Opens a cell at its very start, and closes it. */
  quote: '"' | "'";
  /** What makes a quote within quotes text: the same quote (doubled), or a backslash before it. */
  escape: '"' | "'" | '\\';
}

/** The form that RFC 4180 describes, whatever the delimiter. */
export const PLAIN_QUOTING = { quote: '"', escape: '"' } as const satisfies Partial<CellForm>;

/** True where cells stand as RFC 4180 has them: all readers read those alike. */
export const isPlainForm = ({ delimiter, quote, escape }: CellForm): boolean =>
  delimiter !== SPACE && quote === PLAIN_QUOTING.quote && escape === PLAIN_QUOTING.escape;

/** Why a file is read as it is: one sentence for people each. */
export interface DialectEvidence {
  encoding: string;
  delimiter: string;
  quote: string;
  header: string;
}

/** How a file is read, decided from its bytes; stored with the upload. */
export interface Dialect extends CellForm {
  /** WHATWG label. */
  encoding: string;
  /** Bytes of a byte order mark before the text. */
  bomBytes: number;
  /** True where a record names the columns. */
  header: boolean;
  /** Lines before the table, which are no part of it. */
  preambleLines: number;
  compression: 'gzip' | null;
  evidence: DialectEvidence;
}

/** What a caller decides against the evidence of the bytes. */
export interface DialectOverrides {
  encoding?: string | undefined;
  delimiter?: string | undefined;
  /** Whether the first record names the columns; where it is said, nothing before it is looked for. */
  header?: boolean | undefined;
  decimal?: DecimalMark | undefined;
  dateOrder?: DateOrder | undefined;
}

export interface FileLimits extends InflationLimits {
  maxRecordBytes: number;
  maxCellBytes: number;
  maxColumns: number;
  /** In characters. */
  maxHeaderLength: number;
}
