import { invalidParameter, Problem } from '@app/problems';
import { uniqueNames } from '../../columns/names.js';
import { decodeText } from '../decode-text.js';
import type { Dialect, DialectOverrides, FileLimits } from '../dialect.js';
import { foreignContent } from './content-type.js';
import { bomBytesOf, type DecidedEncoding, detectEncoding, knownLabel } from './encoding.js';
import { findForm } from './find-form.js';
import { findHeader, type HeaderFound } from './find-header.js';
import { type Sample, sampledCells } from './sample-records.js';

/** Bytes of a file's head that a preflight looks at. */
export const PREFLIGHT_BYTES = 256 * 1024;
export const DEFAULT_FALLBACK = 'windows-1252';
const GIVEN = 'Given with the upload.';
const PREVIEW_RECORDS = 49;

export interface PreflightOptions {
  /** True where `head` is the whole file. */
  complete: boolean;
  overrides?: DialectOverrides | undefined;
  limits: Pick<FileLimits, 'maxColumns' | 'maxHeaderLength'>;
  /** Read as this what is neither UTF-8 nor UTF-16 and proves nothing else (setting `ENCODING`). */
  fallbackEncoding?: string | undefined;
  /** What all bytes of the file have shown, where more than the head was looked at. */
  decidedEncoding?: DecidedEncoding | undefined;
  compression?: Dialect['compression'] | undefined;
}

export interface Preflight {
  dialect: Dialect;
  /** The header's texts as they stand in the file. */
  headers: string[];
  /** Unique names, one a header: the names of the columns. */
  names: string[];
  /** The first records of the data, at most 49, as text. */
  preview: string[][];
}

const unprocessable = (detail: string): Problem => new Problem('unprocessable', detail);

/**
 * Looks at the head of a file before anything is stored: is it a CSV, and how is it to be read?
 * @throws Problem unsupported_media_type for other content, unprocessable for an empty file, a header
 *   alone or one over the limits, invalid_parameter for an override that makes no sense
 */
export function preflight(head: Buffer, options: PreflightOptions): Preflight {
  const { complete, overrides = {}, limits, compression = null } = options;
  assertNotForeign(head, overrides.encoding);
  const { encoding, evidence } = encodingOf(head, options);
  const bomBytes = bomBytesOf(encoding, head);
  const text = decode(head.subarray(bomBytes), encoding, complete);
  if (text.trim() === '') throw unprocessable('The file is empty.');
  checkDelimiter(overrides.delimiter);

  const { sample, width, delimiterEvidence, quoteEvidence } = findForm(
    Buffer.from(text),
    complete,
    overrides.delimiter,
  );
  checkFirstRecord(sample, limits);
  const found = headerOf(sample, width, overrides.header);
  const first = sample.records[found.index];
  const cells = first === undefined ? [] : sample.cellsOf(first);
  const headers = found.header ? cells : cells.map((_, index) => `column${index + 1}`);
  checkHeaders(headers, limits);
  if (found.header && complete && sample.records.length === found.index + 1)
    throw unprocessable('The file has a header line but no records.');
  return {
    dialect: {
      encoding,
      bomBytes,
      ...sample.form,
      header: found.header,
      preambleLines: found.index === 0 ? 0 : (first?.line ?? 1) - 1,
      compression,
      evidence: {
        encoding: evidence,
        delimiter: delimiterEvidence,
        quote: quoteEvidence,
        header: found.evidence,
      },
    },
    headers,
    names: uniqueNames(headers),
    preview: sampledCells(sample, found.index + (found.header ? 1 : 0)).slice(0, PREVIEW_RECORDS),
  };
}

/** @throws Problem unsupported_media_type for bytes that are no text table */
export function assertNotForeign(head: Buffer, encoding: string | undefined): void {
  const foreign = foreignContent(head, encoding);
  if (foreign === undefined) return;
  throw new Problem('unsupported_media_type', `This is ${foreign}, not a CSV file.`);
}

function encodingOf(
  head: Buffer,
  { complete, overrides, decidedEncoding, fallbackEncoding = DEFAULT_FALLBACK }: PreflightOptions,
): DecidedEncoding {
  if (overrides?.encoding !== undefined) return { encoding: knownLabel(overrides.encoding), evidence: GIVEN };
  return decidedEncoding ?? detectEncoding(head, complete, fallbackEncoding);
}

const headerOf = (sample: Sample, width: number, given: boolean | undefined): HeaderFound =>
  given === undefined ? findHeader(sample, width) : { index: 0, header: given, evidence: GIVEN };

function checkDelimiter(given: string | undefined): void {
  if (given !== undefined && (Buffer.byteLength(given) !== 1 || '"\r\n\0'.includes(given))) {
    throw invalidParameter('delimiter', 'must be one ASCII character, neither a quote nor a line end.');
  }
}

/** A first record that does not end within the head. */
function checkFirstRecord({ records, openFields }: Sample, { maxColumns }: PreflightOptions['limits']): void {
  if (records.length > 0) return;
  if (openFields > maxColumns) throw tooManyColumns(`more than ${openFields}`, maxColumns);
  throw unprocessable('The header line is too long, or a quote in it never closes.');
}

const tooManyColumns = (columns: number | string, allowed: number): Problem =>
  unprocessable(`The file has ${columns} columns, more than the ${allowed} that are allowed.`);

function checkHeaders(headers: string[], limits: PreflightOptions['limits']): void {
  if (headers.every((header) => header.trim() === ''))
    throw unprocessable('The header line names no column.');
  if (headers.length > limits.maxColumns) throw tooManyColumns(headers.length, limits.maxColumns);
  const long = headers.findIndex((header) => Array.from(header).length > limits.maxHeaderLength);
  if (long >= 0) {
    throw unprocessable(
      `The name of column ${long + 1} is longer than the ${limits.maxHeaderLength} characters that are allowed.`,
    );
  }
}

function decode(head: Buffer, encoding: string, complete: boolean): string {
  try {
    return decodeText(head, encoding, { fatal: true, complete });
  } catch {
    // Single broken characters are rejected with their records later; a look at the head may pass them.
    return decodeText(head, encoding, { fatal: false, complete });
  }
}
