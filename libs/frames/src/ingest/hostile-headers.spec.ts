import { array, assert, asyncProperty, constantFrom, integer, oneof, string } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TextReader } from '../fixtures/text-reader.js';

const SETS = 1000;
const SEED = Number(process.env['FORMAT_SEED'] ?? 1);
const HOSTILE = [
  ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', '__defineGetter__'],
  ['$where', '$set', '$gt', 'a.b', 'a..b', '.a', '_id', 'c0', 'n', 'r'],
  ['', ' ', '\t', 'a', 'a', 'A', 'a (2)', 'column1'],
  [
    '\u202eevil',
    'שלום',
    'مرحبا',
    '\u200b',
    'é',
    'e\u0301',
    'naïve',
    '\u{1F469}\u200D\u{1F4BB}',
    '😀'.repeat(256),
  ],
  [
    '"',
    '""',
    "'",
    "'; DROP TABLE uploads; --",
    'a"b',
    'a,b',
    'a\nb',
    'a\r\nb',
    'a;b',
    '\\',
    '=1+1',
    '@x',
    '-x',
  ],
].flat();
const UNITS = ['a', '_', '.', '$', '"', "'", ',', '\n', '\\', ' ', 'é', '日', '😀', '\u202e', '\u0301'];

let reader: TextReader;
beforeAll(async () => {
  reader = await TextReader.create();
});
afterAll(() => reader.close());

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const wellFormed = new TextEncoder();

it(`gives ${SETS} hostile header sets back byte for byte, each column under a name of its own (I7; seed ${SEED})`, async () => {
  const header = oneof(constantFrom(...HOSTILE), string({ unit: constantFrom(...UNITS), maxLength: 20 }));
  const before = Object.getOwnPropertyNames(Object.prototype).toSorted();
  await assert(
    asyncProperty(
      array(header, { minLength: 1, maxLength: 8 }).filter((names) =>
        names.some((name) => name.trim() !== ''),
      ),
      integer({ min: 1, max: 9 }),
      async (headers, value) => {
        const cells = headers.map((_, index) => `${value}-${index}`);
        const lines = [headers.map(quoted).join(','), cells.join(','), cells.join(',')];
        const read = await reader.read(Buffer.from(lines.join('\n')), { delimiter: ',', header: true });
        expect(read.headers.map((text) => wellFormed.encode(text))).toEqual(
          headers.map((text) => wellFormed.encode(text)),
        );
        expect(read.rows).toEqual([cells, cells]);
        expect(new Set(read.names).size).toBe(headers.length);
      },
    ),
    { numRuns: SETS, seed: SEED },
  );
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before);
}, 120_000);
