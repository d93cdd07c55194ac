import { Problem } from '@app/problems';
import { describe, expect, it } from 'vitest';
import { preflight, type PreflightOptions } from './preflight.js';

const OPTIONS: PreflightOptions = { complete: true, limits: { maxColumns: 4, maxHeaderLength: 10 } };
const look = (text: string | Buffer, options: Partial<PreflightOptions> = {}) =>
  preflight(Buffer.from(text as string), { ...OPTIONS, ...options });

function refusal(text: string | Buffer, options: Partial<PreflightOptions> = {}): string {
  try {
    look(text, options);
  } catch (error) {
    if (error instanceof Problem) return `${error.status} ${error.detail}`;
    throw error;
  }
  return 'accepted';
}

function found(bytes: Buffer, options = {}): unknown[] {
  const { dialect, preview } = look(bytes, options);
  return [dialect.encoding, dialect.bomBytes, preview[0]?.[1]];
}

describe('preflight', () => {
  it.each([
    ['a zip archive', Buffer.from('PK\x03\x04aaaa')],
    ['an Excel workbook (xlsx)', Buffer.from('PK\x03\x04[Content_Types].xml xl/workbook.xml')],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['a PNG image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13])],
    ['a PDF document', Buffer.from('%PDF-1.7')],
    ['a Windows program (exe)', Buffer.from('MZ\x90\0\x03')],
    ['binary data', Buffer.from('a,b\n1,\0\n')],
    ['an HTML page', Buffer.from('<!DOCTYPE html><p>')],
  ])('refuses %s with 415 (I11)', (name, head) => {
    expect(refusal(head)).toBe(`415 This is ${name}, not a CSV file.`);
  });

  it.each([
    ['', 'The file is empty.'],
    ['\ufeff \r\n\n', 'The file is empty.'],
    ['a,b\n', 'The file has a header line but no records.'],
    ['a,b', 'The file has a header line but no records.'],
    [',,\n1,2,3\n', 'The header line names no column.'],
    ['a,b,c,d,e\n1,2,3,4,5\n', 'The file has 5 columns, more than the 4 that are allowed.'],
    ['a,12345678901\n1,2\n', 'The name of column 2 is longer than the 10 characters that are allowed.'],
  ])('refuses %j with 422', (text, detail) => {
    expect(refusal(text)).toBe(`422 ${detail}`);
  });

  it('accepts a header alone where more may follow, and limits exactly met (I5)', () => {
    expect(refusal('a,b\n', { complete: false })).toBe('accepted');
    expect(refusal('a,b,c,1234567890\n1,2,3,4\n')).toBe('accepted');
  });

  it.each([
    [',', 'a,b;c\n1,2;3\n'],
    [';', 'a;b\n1,5;2,5\n'],
    ['\t', 'a\tb\n1\t2, 3\n'],
    ['|', 'a|b\n1|2\n'],
    [',', 'a\n1\n'],
    [';', 'a;b\n"x,y,z";2\n'],
  ])('finds the delimiter %j', (delimiter, text) => {
    expect(look(text).dialect.delimiter).toBe(delimiter);
  });

  it('decides the encoding from the bytes (I3)', () => {
    const text = 'name,city\nMüller,Köln\n';
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(found(Buffer.from(text))).toEqual(['utf-8', 0, 'Köln']);
    expect(found(Buffer.from(`\ufeff${text}`))).toEqual(['utf-8', 3, 'Köln']);
    expect(found(utf16)).toEqual(['utf-16le', 2, 'Köln']);
    expect(found(Buffer.from(utf16).swap16())).toEqual(['utf-16be', 2, 'Köln']);
    expect(found(Buffer.from(text, 'latin1'))).toEqual(['windows-1252', 0, 'Köln']);
    expect(found(Buffer.from(text), { overrides: { encoding: 'latin1' } })).toEqual([
      'windows-1252',
      0,
      'KÃ¶ln',
    ]);
  });

  it('takes a character that the end of the head cuts for UTF-8', () => {
    const head = Buffer.from('a,b\nx,é').subarray(0, -1);
    expect(look(head, { complete: false }).dialect.encoding).toBe('utf-8');
  });

  it('names columns once each, whatever the header says (I7)', () => {
    const limits = { maxColumns: 20, maxHeaderLength: 256 };
    expect(look('a,a,,__proto__,a (2),$where\n1,2,3,4,5,6\n', { limits }).names).toEqual([
      'a',
      'a (3)',
      'column3',
      '__proto__',
      'a (2)',
      '$where',
    ]);
  });

  it('refuses overrides that make no sense with 400', () => {
    expect(refusal('a,b\n1,2\n', { overrides: { encoding: 'klingon' } })).toMatch(/^400 encoding/);
    expect(refusal('a,b\n1,2\n', { overrides: { delimiter: '"' } })).toMatch(/^400 delimiter/);
  });

  it('leaves out the record that the end of the head cuts', () => {
    expect(look('a,b\n1,2\n3,"4', { complete: false }).preview).toEqual([['1', '2']]);
    expect(look('a,b\n1,2\n3,4', { complete: false }).preview).toEqual([['1', '2']]);
  });
});
