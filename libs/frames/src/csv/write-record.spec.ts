import { parse } from 'csv-parse/sync';
import { array, assert, constantFrom, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeRecord } from './write-record.js';

describe('writeRecord', () => {
  it.each([
    [['a', 1, null], ',', 'a,1,'],
    [['a,b', 'a;b', 'a"b', 'a\nb', 'a\rb', ' a '], ',', '"a,b",a;b,"a""b","a\nb","a\rb", a '],
    [['a,b', 'a;b'], ';', 'a,b;"a;b"'],
    [[''], ',', '""'],
    [[null], ',', '""'],
    [['', ''], ',', ','],
  ])('writes %j with %j between as %j', (cells, delimiter, expected) => {
    expect(writeRecord(cells, delimiter)).toBe(expected);
  });

  it('is read back as it was, by csv-parse', () => {
    const texts = stringMatching(/^[a",;\t|\r\n é]{0,6}$/);
    const records = array(array(texts, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    assert(
      property(records, constantFrom(',', ';', '\t', '|'), (given, delimiter) => {
        const text = given.map((record) => `${writeRecord(record, delimiter)}\n`).join('');
        expect(parse(text, { delimiter, record_delimiter: '\n' })).toEqual(given);
      }),
    );
  });
});
