import { invalidParameter, Problem } from '@app/problems';
import { uniqueNames } from '../../columns/names.js';
import type { Dialect, DialectOverrides, FileLimits } from '../dialect.js';
import { foreignContent } from './content-type.js';
import { detectDelimiter, firstRecords } from './delimiter.js';
import { detectEncoding } from './encoding.js';

/** Bytes of a file's head that a preflight looks at. */
export const PREFLIGHT_BYTES = 256 * 1024;
const DEFAULT_FALLBACK = 'windows-1252';

export interface PreflightOptions {
  /** True where `head` is the whole file. */
  complete: boolean;
  overrides?: DialectOverrides | undefined;
  limits: Pick<FileLimits, 'maxColumns' | 'maxHeaderLength'>;
  /** Read as this what is neither UTF-8 nor marked UTF-16 (setting `ENCODING`). */
  fallbackEncoding?: string | undefined;
}

export interface Preflight {
  dialect: Dialect;
  /** The header's texts as they stand in the file. */
  headers: string[];
  /** Unique names, one a header: the names of the columns. */
  names: string[];
  /** The first records after the header, at most 49, as text. */
  preview: string[][];
}

const unprocessable = (detail: string): Problem => new Problem('unprocessable', detail);

/**
 * Looks at the head of a file before anything is stored: is it a CSV, and how is it to be read?
 * @throws Problem unsupported_media_type for other content, unprocessable for an empty file, a header
 *   alone or one over the limits, invalid_parameter for an override that makes no sense
 */
export function preflight(head: Buffer, options: PreflightOptions): Preflight {
  const foreign = foreignContent(head);
  if (foreign !== undefined) {
    throw new Problem('unsupported_media_type', `This is ${foreign}, not a CSV file.`);
  }
  const { complete, overrides = {}, fallbackEncoding = DEFAULT_FALLBACK } = options;
  const { encoding, bomBytes } = detectEncoding(head, complete, overrides.encoding, fallbackEncoding);
  const text = decode(head.subarray(bomBytes), encoding, complete);
  if (text.trim() === '') throw unprocessable('The file is empty.');

  const delimiter = overrides.delimiter ?? detectDelimiter(text, complete);
  if (Buffer.byteLength(delimiter) !== 1 || '"\r\n\0'.includes(delimiter)) {
    throw invalidParameter('delimiter', 'must be one ASCII character, neither a quote nor a line end.');
  }
  const records = firstRecords(text, delimiter, complete);
  const [first] = records;
  if (first === undefined) throw unprocessable('The header line is too long, or a quote in it never closes.');
  const { header = true } = overrides;
  const headers = header ? first : first.map((_, index) => `column${index + 1}`);
  checkHeaders(headers, options.limits);
  if (header && complete && records.length === 1)
    throw unprocessable('The file has a header line but no records.');
  return {
    dialect: { encoding, bomBytes, delimiter, quote: '"', header },
    headers,
    names: uniqueNames(headers),
    preview: header ? records.slice(1) : records,
  };
}

function checkHeaders(headers: string[], limits: PreflightOptions['limits']): void {
  if (headers.every((header) => header.trim() === ''))
    throw unprocessable('The header line names no column.');
  if (headers.length > limits.maxColumns) {
    throw unprocessable(
      `The file has ${headers.length} columns, more than the ${limits.maxColumns} that are allowed.`,
    );
  }
  const long = headers.findIndex((header) => Array.from(header).length > limits.maxHeaderLength);
  if (long >= 0) {
    throw unprocessable(
      `The name of column ${long + 1} is longer than the ${limits.maxHeaderLength} characters that are allowed.`,
    );
  }
}

function decode(head: Buffer, encoding: string, complete: boolean): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(head, { stream: !complete });
  } catch {
    // Single broken characters are rejected with their records later; a look at the head may pass them.
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(head);
  }
}
