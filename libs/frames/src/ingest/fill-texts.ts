import { MANY_COLUMNS } from '../columns/many-columns.js';
import type { ScanReport } from '../csv/scan/scan-file.js';
import { isFailure } from '../engine/is-failure.js';
import { physicalName, quoteLiteral } from '../engine/sql.js';
import type { TextsTable } from './texts-table.js';

/** Lines that buffers have room for at least. */
const LINE_BYTES = 4_194_304;
const WIDE_LINE_BYTES = 524_288;
const BUFFERED_LINES = 4;
const LINE_ENDS = { lf: String.raw`\n`, crlf: String.raw`\r\n`, cr: String.raw`\r` };

export type LineEnds = keyof ScanReport['lineEnds'];

/** A file in a form that DuckDB reads exactly. */
export interface PlainTexts {
  path: string;
  delimiter: string;
  columns: number;
  header: boolean;
  ends: LineEnds;
  /** At least as long as the longest line, its end included; see {@link lineBytes}. */
  longestLine: number;
}

/** Room for the lines of a file, of which a quoted copy of a record may be twice as long, and the line end counts. */
export const lineBytes = (columns: number, longestRecord: number): number =>
  Math.max(columns > MANY_COLUMNS ? WIDE_LINE_BYTES : LINE_BYTES, 2 * longestRecord + 2);

/** @returns rows loaded; undefined where DuckDB refuses the file */
export function fillTexts(texts: TextsTable, file: PlainTexts): Promise<number | undefined> {
  return unlessRefused(() => texts.fill(readTexts(file)));
}

/** What work answers; undefined where DuckDB refuses the file. */
export async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isFailure(error, 'Invalid Input Error', 'Conversion Error')) return undefined;
    throw error;
  }
}

/** Select of all rows of a file. */
export function readTexts(file: PlainTexts): string {
  const names = Array.from({ length: file.columns }, (_, index) => `'${physicalName(index)}': 'VARCHAR'`);
  const options = [
    'auto_detect=false',
    `header=${file.header}`,
    `columns={${names.join(', ')}}`,
    `delim=${quoteLiteral(file.delimiter)}`,
    `quote='"'`,
    `escape='"'`,
    `new_line='${LINE_ENDS[file.ends]}'`,
    `encoding='utf-8'`,
    // DuckDB 1.5.5 finds no rows where strict_mode is given along with CRLF; true is its default.
    ...(file.ends === 'crlf' ? [] : ['strict_mode=true']),
    'null_padding=false',
    // "" and nothing are both null, as in every other way of reading.
    'allow_quoted_nulls=true',
    `max_line_size=${file.longestLine}`,
    `buffer_size=${BUFFERED_LINES * file.longestLine}`,
    `parallel=${file.columns <= MANY_COLUMNS}`,
    'hive_partitioning=false',
    // No rejects are expected here: any that DuckDB finds is an error.
    'store_rejects=false',
  ];
  return `SELECT * FROM read_csv(${quoteLiteral(file.path)}, ${options.join(', ')})`;
}
