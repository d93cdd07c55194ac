import { RECORD_FLAGS } from './record-scanner.js';

export const RECORD_REJECTIONS = {
  record_too_large: 'The record is longer than allowed.',
  cell_too_large: 'A cell of the record is longer than allowed.',
  unclosed_quote: 'A quote opens in this record and never closes.',
  invalid_quote: 'Text follows a closing quote.',
  ragged_row: 'The record has another number of fields than the header.',
  invalid_encoding: 'The record has bytes that are no text in the encoding of the file.',
  unreadable_record: 'The quotes of the record can be read in more than one way.',
} as const;

export type RecordRejection = keyof typeof RECORD_REJECTIONS;

/** Why the form of a record rejects it; undefined where it does not. */
export function rejectReason(fields: number, flags: number, columns: number): RecordRejection | undefined {
  if ((flags & RECORD_FLAGS.recordTooLarge) !== 0) return 'record_too_large';
  if ((flags & RECORD_FLAGS.unclosedQuote) !== 0) return 'unclosed_quote';
  if ((flags & RECORD_FLAGS.invalidQuote) !== 0) return 'invalid_quote';
  if ((flags & RECORD_FLAGS.cellTooLarge) !== 0) return 'cell_too_large';
  return fields === columns ? undefined : 'ragged_row';
}
