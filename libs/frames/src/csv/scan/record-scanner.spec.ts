import { array, assert, boolean, constantFrom, integer, property } from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { PLAIN_QUOTING } from '../dialect.js';
import { RECORD_FLAGS, RecordScanner } from './record-scanner.js';

const LIMITS = { maxRecordBytes: 1000, maxCellBytes: 100 };

interface Seen {
  text: string;
  line: number;
  fields: number;
  flags: number;
}

function scan(text: string, { cut = text.length, oneColumn = false, delimiter = ',' } = {}) {
  const bytes = Buffer.from(text);
  const seen: Seen[] = [];
  const scanner = new RecordScanner(
    { delimiter, ...PLAIN_QUOTING },
    LIMITS,
    (start, end, line, fields, flags) =>
      seen.push({ text: bytes.toString('utf8', start, end), line, fields, flags }),
    { oneColumn, start: 0, firstLine: 1 },
  );
  for (let at = 0; at < bytes.length; at += Math.max(1, cut))
    scanner.push(bytes.subarray(at, at + Math.max(1, cut)));
  scanner.finish();
  return { seen, scanner };
}

const flags = (text: string): number => scan(text).seen[0]?.flags ?? -1;
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const lines = (text: string, options = {}): [string, number][] =>
  scan(text, options).seen.map((record) => [record.text, record.line]);

describe('RecordScanner', () => {
  it('ends records at LF, CRLF and CR and counts each once', () => {
    const { seen, scanner } = scan('a,b\nc,d\r\ne,f\rg,h');
    expect(seen.map((record) => [record.text, record.line])).toEqual([
      ['a,b', 1],
      ['c,d', 2],
      ['e,f', 3],
      ['g,h', 4],
    ]);
    expect(scanner.lineEnds).toEqual({ lf: 1, crlf: 1, cr: 1 });
  });

  it('keeps line ends within quotes in the record and counts them as lines', () => {
    expect(lines('"a\nb",1\n"c\r\nd",2\n"e\rf",3\ng,4')).toEqual([
      ['"a\nb",1', 1],
      ['"c\r\nd",2', 3],
      ['"e\rf",3', 5],
      ['g,4', 7],
    ]);
  });

  it('counts blank lines, which are no records', () => {
    const { seen, scanner } = scan('a,b\n\n\r\n1,2\n\n');
    expect(seen.map((record) => record.line)).toEqual([1, 4]);
    expect(scanner.blankLines).toBe(3);
  });

  it('takes a blank line of a file with one column as a null', () => {
    expect(lines('a\n\nb\n\n', { oneColumn: true })).toEqual([
      ['a', 1],
      ['', 2],
      ['b', 3],
      ['', 4],
    ]);
  });

  it('flags unusual quotes', () => {
    expect(flags('"a""b",c')).toBe(0);
    expect(flags('5" pipe,c')).toBe(RECORD_FLAGS.quoteInText);
    expect(flags(' "a",c')).toBe(RECORD_FLAGS.quoteInText);
    expect(flags('"a"b,c')).toBe(RECORD_FLAGS.invalidQuote);
    expect(flags('"a,c')).toBe(RECORD_FLAGS.unclosedQuote);
    expect(flags('"",c')).toBe(0);
  });

  it('flags cells and records at limit + 1 and not at the limit (I5)', () => {
    expect(flags(`${'x'.repeat(100)},y`)).toBe(0);
    expect(flags(`${'x'.repeat(101)},y`)).toBe(RECORD_FLAGS.cellTooLarge);
    expect(flags(Array(500).fill('x').join(',') + 'y')).toBe(0);
    expect(flags(Array(500).fill('x').join(',') + 'yy')).toBe(RECORD_FLAGS.recordTooLarge);
  });

  it('sees the same wherever the bytes are cut', () => {
    const text = array(constantFrom('a', 'é', ',', '"', '""', '\n', '\r\n', '\r', '",', ',"', '\n"'), {
      maxLength: 40,
    }).map((parts) => parts.join(''));
    assert(
      property(text, integer({ min: 1, max: 5 }), boolean(), (csv, cut, oneColumn) => {
        const whole = scan(csv, { oneColumn });
        const pieces = scan(csv, { oneColumn, cut });
        expect(pieces.seen).toEqual(whole.seen);
        expect(pieces.scanner.lineEnds).toEqual(whole.scanner.lineEnds);
        expect(pieces.scanner.blankLines).toBe(whole.scanner.blankLines);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds the records that csv-parse finds (I2)', () => {
    const cell = array(constantFrom('a', 'b ', 'é', ',', '"', '\n', '\r\n', '\r', ''), { maxLength: 4 }).map(
      (parts) => parts.join(''),
    );
    const table = array(array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    assert(
      property(table, constantFrom('\n', '\r\n', '\r'), boolean(), (rows, end, final) => {
        const csv = rows.map((row) => row.map(quoted).join(',')).join(end) + (final ? end : '');
        const parsed: string[][] = parse(csv, {
          relax_column_count: true,
          skip_empty_lines: true,
          record_delimiter: ['\r\n', '\n', '\r'],
        });
        expect(scan(csv).seen.map(({ fields, flags }) => [fields, flags])).toEqual(
          parsed.map((record) => [record.length, 0]),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
