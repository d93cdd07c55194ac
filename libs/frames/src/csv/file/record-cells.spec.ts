import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordScanner } from '../scan/record-scanner.js';
import { type CellForm, PLAIN_QUOTING } from '../dialect.js';
import { cellsOf } from './record-cells.js';

const FORMS: readonly CellForm[] = [
  { delimiter: ',', ...PLAIN_QUOTING },
  { delimiter: ';', quote: "'", escape: "'" },
  { delimiter: ',', quote: '"', escape: '\\' },
  { delimiter: ' ', ...PLAIN_QUOTING },
];
const LIMITS = { maxRecordBytes: 1e6, maxCellBytes: 1e6 };

/** One record as a writer of that form writes it: every cell in quotes. */
function written(cells: readonly string[], { delimiter, quote, escape }: CellForm): string {
  return cells
    .map((cell) =>
      cell.replaceAll(escape, escape + escape).replaceAll(quote, escape === quote ? quote : escape + quote),
    )
    .map((cell) => `${quote}${cell}${quote}`)
    .join(delimiter);
}

function fieldsOf(record: string, form: CellForm): [fields: number, flags: number][] {
  const seen: [number, number][] = [];
  const start = { oneColumn: false, start: 0, firstLine: 1 };
  const scanner = new RecordScanner(
    form,
    LIMITS,
    (_s, _e, _l, fields, flags) => seen.push([fields, flags]),
    start,
  );
  for (const byte of Buffer.from(record)) scanner.push(Uint8Array.of(byte));
  scanner.finish();
  return seen;
}

describe('the cells of a record', () => {
  it.each(FORMS)(
    'are what was written, and as many as the scan counts: $delimiter $quote $escape',
    (form) => {
      const cell = string({
        unit: constantFrom('a', '1', ' ', ',', ';', '"', "'", '\\', '\n', '\r', 'é'),
        maxLength: 6,
      });
      assert(
        property(array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
          const record = written(cells, form);
          expect(cellsOf(record, form)).toEqual(cells);
          expect(fieldsOf(record, form)).toEqual([[cells.length, 0]]);
        }),
        { numRuns: 300 },
      );
    },
  );

  it.each([
    ['a\\b,"c\\d"', ['a\\b', 'c\\d']],
    ['"a\\\\",b', ['a\\', 'b']],
    ['a,', ['a', '']],
  ])('keep a backslash that escapes nothing: %j', (record, cells) => {
    expect(cellsOf(record, { delimiter: ',', quote: '"', escape: '\\' })).toEqual(cells);
  });

  it.each([
    ['  a  b ', ['a', 'b']],
    ['"a b"  c', ['a b', 'c']],
    ['5" pipe', ['5"', 'pipe']],
  ])('stand between runs of spaces: %j', (record, cells) => {
    const form = { delimiter: ' ', ...PLAIN_QUOTING };
    expect(cellsOf(record, form)).toEqual(cells);
    expect(fieldsOf(record, form)[0]?.[0]).toBe(cells.length);
  });

  it('are none where text follows a closing quote', () => {
    expect(cellsOf('"a"b c', { delimiter: ' ', ...PLAIN_QUOTING })).toBeUndefined();
    expect(cellsOf('"a""b"', { delimiter: ',', quote: '"', escape: '\\' })).toBeUndefined();
  });
});
