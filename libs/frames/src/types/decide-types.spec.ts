import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountedValues } from './counted-values.js';
import { decideTypes } from './decide-types.js';
import { observeColumns } from './observe-columns.js';
import type { StagedTable } from './staged-table.js';
import type { ColumnDirective, TypedColumn } from './typed-column.js';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
});
afterAll(() => connection.closeSync());

/** Types of columns given as lists of texts; null is an empty cell. */
async function typesOf(
  columns: Record<string, (string | null)[]>,
  directives: Record<string, ColumnDirective> = {},
): Promise<{ columns: TypedColumn[]; values: unknown[][] }> {
  const names = Object.keys(columns);
  const rows = Math.max(...Object.values(columns).map((values) => values.length));
  await connection.run(
    `CREATE OR REPLACE TABLE staged (r BIGINT, ${names.map((_, index) => `c${index} VARCHAR`).join(', ')})`,
  );
  const appender = await connection.createAppender('staged');
  for (let row = 0; row < rows; row += 1) {
    appender.appendBigInt(BigInt(row));
    for (const name of names) {
      const value = columns[name]?.[row] ?? null;
      if (value === null) appender.appendNull();
      else appender.appendVarchar(value);
    }
    appender.endRow();
  }
  appender.closeSync();
  const decide = async (staged: StagedTable): Promise<TypedColumn[]> =>
    decideTypes(staged, await observeColumns(staged), new Map(Object.entries(directives)), 'Europe/Berlin');
  const staged = { connection, table: 'staged', rows, names };
  const decided = await decide(staged);
  // What is asked of values that were counted says the same as what is asked of every row.
  const counting = new CountedValues(staged, { from: 1, timesAValue: 0 });
  const counted = await counting.count();
  expect([...counted.keys()]).toEqual(names.map((_, index) => index));
  expect(await decide({ ...staged, counted })).toEqual(decided);
  await counting.drop();
  const select = decided.map(({ expression }) => `CAST(${expression} AS VARCHAR)`);
  const reader = await connection.runAndReadAll(`SELECT ${select.join(', ')} FROM staged ORDER BY r`);
  return { columns: decided, values: reader.getColumns() };
}

async function typeOf(values: (string | null)[], directive: ColumnDirective = {}, name = 'x') {
  const { columns, values: typed } = await typesOf({ [name]: values }, { [name]: directive });
  const [column] = columns as [TypedColumn];
  return { ...column, values: typed[0] };
}

describe('types from the whole column', () => {
  it.each([
    ['integer', 'BIGINT', ['1', '-20', null, '0'], ['1', '-20', null, '0']],
    ['integer', 'BIGINT', ['17850.0', '13047.00'], ['17850', '13047']],
    ['integer', 'BIGINT', ['1,234', '12,345,678', '5'], ['1234', '12345678', '5']],
    ['integer', 'DECIMAL(38,0)', ['9007199254740993123', '1'], ['9007199254740993123', '1']],
    ['decimal', 'DECIMAL(4,2)', ['2.55', '10.5', '-.5'], ['2.55', '10.50', '-0.50']],
    ['decimal', 'DECIMAL(6,2)', ['1.234,50', '2,5'], ['1234.50', '2.50']],
    ['decimal', 'DOUBLE', ['1e5', '2.5'], ['100000.0', '2.5']],
    ['decimal', 'DOUBLE', ['0.12345678901234567890', '1.5'], ['0.12345678901234568', '1.5']],
    ['boolean', 'BOOLEAN', ['true', 'FALSE', 'yes'], ['true', 'false', 'true']],
    ['date', 'DATE', ['2010-12-01', '2011-2-3'], ['2010-12-01', '2011-02-03']],
    ['date', 'DATE', ['21-07-2015', '05-01-2015'], ['2015-07-21', '2015-01-05']],
    ['date', 'DATE', ['4-Sep-12', '14-Jan-15'], ['2012-09-04', '2015-01-14']],
    ['date', 'DATE', ['December 1, 2010', 'Jan 2, 2011'], ['2010-12-01', '2011-01-02']],
    [
      'timestamp',
      'TIMESTAMP',
      ['12/1/2010 8:26', '12/31/2010 18:05'],
      ['2010-12-01 08:26:00', '2010-12-31 18:05:00'],
    ],
    [
      'timestamp',
      'TIMESTAMP',
      ['31.12.2010 18:05', '1.2.2011'],
      ['2010-12-31 18:05:00', '2011-02-01 00:00:00'],
    ],
    [
      'timestamp',
      'TIMESTAMP',
      ['1/13/2010 1:05 PM', '1/2/2010 12:30 AM'],
      ['2010-01-13 13:05:00', '2010-01-02 00:30:00'],
    ],
    ['timestamp', 'TIMESTAMP', ['2010-12-01T08:26:00.5'], ['2010-12-01 08:26:00.5']],
    // With an offset it is a point in time, kept as the store's local time.
    [
      'timestamp',
      'TIMESTAMP',
      ['2010-12-01T08:26:00Z', '2010-07-01T08:26:00+02:00'],
      ['2010-12-01 09:26:00', '2010-07-01 08:26:00'],
    ],
  ] as [string, string, (string | null)[], (string | null)[]][])(
    '%s in %s: %j',
    async (type, storage, texts, expected) => {
      expect(await typeOf(texts)).toMatchObject({ type, storage, values: expected, misfits: 0 });
    },
  );

  it.each([
    ['leading zeros', ['007', '12']],
    ['a leading plus, as in telephone numbers', ['+4912345', '12']],
    ['one word among numbers', ['1', '2', 'x']],
    ['30 February', ['2010-02-30', '2010-01-01']],
    ['orders that exclude each other', ['13/1/2010', '1/13/2010']],
    ['two ways to write dates', ['2010-01-01', '1/2/2010']],
    ['times without a date', ['13:08', '10:29']],
    ['numbers longer than any type', ['1'.repeat(39), '2']],
    ['a decimal and a thousands mark that contradict', ['1,5', '1.5']],
    ['version numbers', ['1.2.3.4', '1.2.3.5']],
  ])('keeps as text: %s', async (_, texts) => {
    expect(await typeOf(texts)).toMatchObject({
      type: 'text',
      storage: 'VARCHAR',
      values: texts,
      misfits: 0,
    });
  });

  it('ignores spaces around a value when it tests types, and keeps them in text', async () => {
    expect(await typeOf([' 1', '2\t', '   '])).toMatchObject({ type: 'integer', values: ['1', '2', null] });
    expect(await typeOf([' a', 'b '])).toMatchObject({ type: 'text', values: [' a', 'b '] });
  });

  it('reads eight digits as dates where the name or a demand says so', async () => {
    expect((await typeOf(['20101201', '20110102'])).type).toBe('integer');
    expect(await typeOf(['20101201', '20110102'], {}, 'order_date')).toMatchObject({
      type: 'date',
      values: ['2010-12-01', '2011-01-02'],
    });
    expect((await typeOf(['20101201'], { kind: 'temporal' })).type).toBe('date');
  });

  it('sees a value at the very end that the sample did not', async () => {
    const texts = [...Array.from({ length: 5000 }, (_, index) => String(index)), 'C1'];
    expect(await typeOf(texts)).toMatchObject({ type: 'text', notes: [{ type: 'mixed_types' }] });
    const decimals = [...Array.from({ length: 5000 }, (_, index) => String(index)), '1,5'];
    expect((await typeOf(decimals)).storage).toBe('DECIMAL(5,1)');
  });

  it('says that dates are ambiguous, and lets other columns or the caller decide', async () => {
    expect(await typeOf(['1/2/2010'])).toMatchObject({
      values: ['2010-01-02'],
      notes: [{ type: 'ambiguous_dates' }],
    });
    expect(await typeOf(['1-2-2010'])).toMatchObject({ values: ['2010-02-01'] });
    expect(await typeOf(['1/2/2010'], { dateOrder: 'dmy' })).toMatchObject({
      values: ['2010-02-01'],
      notes: [],
    });
    const { values } = await typesOf({ a: ['1/2/2010'], b: ['31/12/2010'] });
    expect(values).toEqual([['2010-02-01'], ['2010-12-31']]);
  });

  it('follows the decimal mark that other columns prove', async () => {
    const { values } = await typesOf({ a: ['1,234'], b: ['1,5'] });
    expect(values).toEqual([['1.234'], ['1.5']]);
    expect(await typeOf(['1,234'])).toMatchObject({ values: ['1234'] });
    expect(await typeOf(['1,234'], { decimal: ',' })).toMatchObject({ values: ['1.234'] });
  });
});

describe('demanded types', () => {
  it('count what does not fit and make nothing of it', async () => {
    const numeric = await typeOf(['1', '2.5', 'x', null], { kind: 'numeric' });
    expect(numeric).toMatchObject({
      type: 'decimal',
      storage: 'DECIMAL(2,1)',
      misfits: 1,
      values: ['1.0', '2.5', null, null],
    });
    const whole = await typeOf(['1', '2.5', '3.0'], { kind: 'integer' });
    expect(whole).toMatchObject({ type: 'integer', misfits: 1, values: ['1', null, '3'] });
    const dates = await typeOf(['2010-01-01', '2010-01-01 10:00', '2010-02-30'], { kind: 'date' });
    expect(dates).toMatchObject({ type: 'date', misfits: 2, values: ['2010-01-01', null, null] });
    const yes = await typeOf(['Y', 'n', '1', 'maybe'], { kind: 'boolean' });
    expect(yes).toMatchObject({ misfits: 1, values: ['true', 'false', 'true', null] });
    const none = await typeOf(['a', 'b'], { kind: 'temporal' });
    expect(none).toMatchObject({ type: 'timestamp', misfits: 2 });
  });

  it('keep text as text and give empty columns their type', async () => {
    expect(await typeOf(['1', '2'], { kind: 'text' })).toMatchObject({
      type: 'text',
      values: ['1', '2'],
      misfits: 0,
    });
    expect(await typeOf([null, null], { kind: 'numeric' })).toMatchObject({ type: 'integer', misfits: 0 });
    expect(await typeOf([null, null])).toMatchObject({ type: 'text', misfits: 0 });
  });
});
