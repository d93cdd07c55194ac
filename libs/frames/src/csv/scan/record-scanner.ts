import { type CellForm, SPACE } from '../dialect.js';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NO_BYTE = -1;

/** What is wrong with one record, as bits. */
export const RECORD_FLAGS = {
  /** Text follows a closing quote: `"a"b`. */
  invalidQuote: 1,
  /** A quote within unquoted text, which is text: `5" pipe`. */
  quoteInText: 2,
  /** The file ends within quotes. */
  unclosedQuote: 4,
  recordTooLarge: 8,
  cellTooLarge: 16,
} as const;

/** Called once a record: bytes `[start, end)` without the line end, physical line of its start. */
export type OnRecord = (start: number, end: number, line: number, fields: number, flags: number) => void;

export interface ScanLimits {
  maxRecordBytes: number;
  maxCellBytes: number;
}

export interface ScanStart {
  /** In a file of one column a line without any character is a record: one null. */
  oneColumn: boolean;
  /** Byte at which the text begins, and its physical line. */
  start: number;
  firstLine: number;
}

// Not an enum object: the loop below compares small integers some hundred million times a second.
const FIELD_START = 0;
const UNQUOTED = 1;
const QUOTE_SEEN = 2;
/** States from here on are within quotes. */
const QUOTED = 3;
const ESCAPE_SEEN = 4;

/**
 * Finds the records of UTF-8 (or any ASCII-compatible) CSV bytes in one pass, as RFC 4180 reads them:
 * a quote opens a field only at its very start; LF, CRLF and CR end a record outside quotes. A line without
 * any character is no record, except in a file of one column, where it is one null. A backslash, where it
 * escapes, does so before quotes and backslashes within quotes; elsewhere it is text.
 */
export class RecordScanner {
  records = 0;
  blankLines = 0;
  longestRecord = 0;
  /** Line ends outside quotes. */
  readonly lineEnds = { lf: 0, crlf: 0, cr: 0 };
  /** Start of the record that is not finished yet. */
  recordStart: number;

  private readonly delimiter: number;
  private readonly quote: number;
  private readonly escape: number;
  /** Runs of delimiters are one, outer ones none. */
  private readonly spaced: boolean;
  private readonly oneColumn: boolean;
  private readonly special = new Uint8Array(256);
  private offset: number;
  private line: number;
  private recordLine: number;
  private state = FIELD_START;
  private fields: number;
  private flags = 0;
  private cellStart: number;
  /** The last chunk ended with a CR, of which only the next byte says whether it stands alone. */
  private openReturn = false;

  constructor(
    form: CellForm,
    private readonly limits: ScanLimits,
    private readonly onRecord: OnRecord,
    { oneColumn, start, firstLine }: ScanStart,
  ) {
    this.delimiter = form.delimiter.charCodeAt(0);
    this.quote = form.quote.charCodeAt(0);
    this.escape = form.escape === form.quote ? NO_BYTE : form.escape.charCodeAt(0);
    this.spaced = form.delimiter === SPACE;
    this.fields = this.spaced ? 0 : 1;
    this.oneColumn = oneColumn;
    this.offset = start;
    this.recordStart = start;
    this.cellStart = start;
    this.line = firstLine;
    this.recordLine = firstLine;
    for (const byte of [this.delimiter, LINE_FEED, CARRIAGE_RETURN, this.quote]) this.special[byte] = 1;
  }

  /** Fields so far of the record that is not finished yet. */
  get openFields(): number {
    return this.fields;
  }

  /** Chunks must follow each other without a gap. */
  push(chunk: Uint8Array): void {
    const { special, delimiter, quote, escape, spaced, offset: base } = this;
    const { length } = chunk;
    let at = length > 0 && this.openReturn ? this.closeReturn(chunk[0] === LINE_FEED) : 0;
    let { state } = this;
    while (at < length) {
      const byte = chunk[at] as number;
      if (state >= QUOTED) {
        if (state === ESCAPE_SEEN) {
          state = QUOTED;
          // Before anything else the escape was text, and this byte is what it is.
          if (byte !== quote && byte !== escape) continue;
        } else if (byte === quote) state = QUOTE_SEEN;
        else if (byte === escape) state = ESCAPE_SEEN;
        else if (byte === LINE_FEED) this.line += 1;
        else if (byte === CARRIAGE_RETURN) {
          if (at + 1 === length) this.openReturn = true;
          else if (chunk[at + 1] !== LINE_FEED) this.line += 1;
        }
      } else if (special[byte] === 0) {
        if (state === QUOTE_SEEN) this.flags |= RECORD_FLAGS.invalidQuote;
        else if (spaced && state === FIELD_START) this.openCell(base + at);
        state = UNQUOTED;
        while (at + 1 < length && special[chunk[at + 1] as number] === 0) at += 1;
      } else if (byte === delimiter) {
        if (!spaced) {
          this.endCell(base + at);
          this.fields += 1;
          this.cellStart = base + at + 1;
        } else if (state !== FIELD_START) this.endCell(base + at);
        state = FIELD_START;
      } else if (byte === quote) {
        if (state === UNQUOTED) this.flags |= RECORD_FLAGS.quoteInText;
        else if (state === QUOTE_SEEN && escape !== NO_BYTE) {
          // Where backslashes escape, two quotes are no escape.
          this.flags |= RECORD_FLAGS.invalidQuote;
          state = UNQUOTED;
        } else {
          if (spaced && state === FIELD_START) this.openCell(base + at);
          state = QUOTED;
        }
      } else {
        this.endRecord(base + at, state);
        state = FIELD_START;
        if (byte === LINE_FEED) {
          this.lineEnds.lf += 1;
          this.startRecord(base + at + 1);
        } else if (at + 1 === length) this.openReturn = true;
        else if (chunk[at + 1] === LINE_FEED) {
          at += 1;
          this.lineEnds.crlf += 1;
          this.startRecord(base + at + 1);
        } else {
          this.lineEnds.cr += 1;
          this.startRecord(base + at + 1);
        }
      }
      at += 1;
    }
    this.state = state;
    this.offset = base + length;
  }

  /** To be called once after the last chunk. */
  finish(): void {
    if (this.openReturn) this.closeReturn(false);
    if (this.offset === this.recordStart) return;
    if (this.state >= QUOTED) this.flags |= RECORD_FLAGS.unclosedQuote;
    this.endRecord(this.offset, this.state);
    this.startRecord(this.offset);
  }

  /** Decides the CR that ended the last chunk; answers how many bytes of the new chunk belong to it. */
  private closeReturn(lineFeedFollows: boolean): number {
    this.openReturn = false;
    if (this.state >= QUOTED) {
      // A line feed that follows counts itself.
      if (!lineFeedFollows) this.line += 1;
      return 0;
    }
    this.lineEnds[lineFeedFollows ? 'crlf' : 'cr'] += 1;
    this.startRecord(this.offset + (lineFeedFollows ? 1 : 0));
    return lineFeedFollows ? 1 : 0;
  }

  private startRecord(start: number): void {
    this.line += 1;
    this.recordLine = this.line;
    this.recordStart = start;
    this.cellStart = start;
    this.fields = this.spaced ? 0 : 1;
    this.flags = 0;
  }

  private openCell(start: number): void {
    this.fields += 1;
    this.cellStart = start;
  }

  private endCell(end: number): void {
    if (end - this.cellStart > this.limits.maxCellBytes) this.flags |= RECORD_FLAGS.cellTooLarge;
  }

  private endRecord(end: number, state: number): void {
    const length = end - this.recordStart;
    if (this.fields === 0 || (length === 0 && !this.oneColumn)) {
      this.blankLines += 1;
      return;
    }
    // Spaces at the end of a record are no cell.
    if (!this.spaced || state !== FIELD_START) this.endCell(end);
    if (length > this.longestRecord) this.longestRecord = length;
    if (length > this.limits.maxRecordBytes) this.flags |= RECORD_FLAGS.recordTooLarge;
    this.records += 1;
    this.onRecord(this.recordStart, end, this.recordLine, this.fields, this.flags);
  }
}
