import type { Column } from '@app/frames';
import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldUploads, type ReadyUpload } from './fold.js';

const column = (name: string, change: Partial<Column> = {}): Column => ({
  name,
  header: name,
  physical: 'c0',
  type: 'integer',
  storage: 'BIGINT',
  nulls: 0,
  min: 1,
  max: 9,
  ...change,
});

const upload = (ordinal: number, change: Partial<ReadyUpload> = {}): ReadyUpload => ({
  uploadId: `upload-${ordinal}`,
  ordinal,
  mode: 'append',
  keyColumns: [],
  repeatsKeys: false,
  revision: 1,
  rowCount: 10,
  columns: [column('Quantity')],
  roles: {},
  manifest: [],
  ...change,
});

const visibleOrdinals = (uploads: ReadyUpload[]): number[] =>
  foldUploads(uploads).uploads.map(({ ordinal }) => ordinal);

describe('the fold of a dataset', () => {
  it('is empty without uploads', () => {
    expect(foldUploads([])).toEqual({ uploads: [], columns: [], roles: {} });
  });

  it('adds appended uploads in ordinal order, whatever the order in which they became ready', () => {
    expect(visibleOrdinals([upload(3), upload(1), upload(2)])).toEqual([1, 2, 3]);
  });

  it('hides everything before the last replace, also what became ready after it', () => {
    expect(visibleOrdinals([upload(4), upload(3, { mode: 'replace' }), upload(2), upload(1)])).toEqual([
      3, 4,
    ]);
  });

  it('shows what a replace hid once that is gone', () => {
    const all = [upload(1), upload(2, { mode: 'replace' }), upload(3)];
    expect(visibleOrdinals(all.filter(({ ordinal }) => ordinal !== 2))).toEqual([1, 3]);
  });

  it('undoes any upload to exactly the fold without it', () => {
    const modes = array(constantFrom('append' as const, 'replace' as const), { maxLength: 8 });
    assert(
      property(modes, (given) => {
        const uploads = given.map((mode, index) => upload(index + 1, { mode }));
        const start = given.lastIndexOf('replace');
        expect(visibleOrdinals(uploads)).toEqual(
          uploads.slice(Math.max(0, start)).map(({ ordinal }) => ordinal),
        );
      }),
    );
  });

  it('unites columns by name in the order they appear and counts missing cells as null', () => {
    const { columns } = foldUploads([
      upload(1, { columns: [column('a', { physical: 'c0', nulls: 1 })] }),
      upload(2, { rowCount: 5, columns: [column('b', { physical: 'c0' }), column('a', { physical: 'c1' })] }),
    ]);
    expect(columns.map(({ name, physical, nulls }) => [name, physical, nulls])).toEqual([
      ['a', 'c0', 1],
      ['b', 'c1', 10],
    ]);
  });

  it('keeps the columns of each upload under their own physical names', () => {
    const { uploads } = foldUploads([
      upload(1, { columns: [column('a', { physical: 'c0' })] }),
      upload(2, { columns: [column('b', { physical: 'c0' }), column('a', { physical: 'c1' })] }),
    ]);
    expect(uploads[1]?.columns.map(({ name, physical }) => `${name}=${physical}`)).toEqual(['b=c0', 'a=c1']);
  });

  it.each([
    ['integer', 'decimal', 'decimal'],
    ['date', 'timestamp', 'timestamp'],
    ['integer', 'text', 'text'],
    ['boolean', 'integer', 'text'],
  ] as const)('widens %s and %s to %s', (a, b, expected) => {
    const { columns } = foldUploads([
      upload(1, { columns: [column('x', { type: a })] }),
      upload(2, { columns: [column('x', { type: b })] }),
    ]);
    expect(columns[0]?.type).toBe(expected);
  });

  it.each([
    ['DECIMAL(6,2)', 'BIGINT', 'DECIMAL(21,2)'],
    ['DECIMAL(5,4)', 'DECIMAL(8,1)', 'DECIMAL(11,4)'],
    ['DECIMAL(38,20)', 'BIGINT', 'DOUBLE'],
    ['DOUBLE', 'BIGINT', 'DOUBLE'],
    ['DATE', 'TIMESTAMP', 'TIMESTAMP'],
    ['BOOLEAN', 'BIGINT', 'VARCHAR'],
  ] as const)('stores %s and %s as %s', (a, b, expected) => {
    const { columns } = foldUploads([
      upload(1, { columns: [column('x', { storage: a })] }),
      upload(2, { columns: [column('x', { storage: b })] }),
    ]);
    expect(columns[0]?.storage).toBe(expected);
  });

  it('takes extremes as numbers, also those that JSON holds as text', () => {
    const { columns } = foldUploads([
      upload(1, { columns: [column('x', { min: 10, max: '9007199254740993' })] }),
      upload(2, { columns: [column('x', { min: 9, max: 100 })] }),
    ]);
    expect(columns[0]).toMatchObject({ min: 9, max: '9007199254740993' });
  });

  it('knows no extremes of numbers that became text', () => {
    const { columns } = foldUploads([
      upload(1),
      upload(2, { columns: [column('Quantity', { type: 'text', storage: 'VARCHAR', min: 'a', max: 'b' })] }),
    ]);
    expect(columns[0]).toMatchObject({ min: null, max: null });
  });

  it('lets the earlier of two uploads name the column of a role', () => {
    const { roles } = foldUploads([
      upload(1, { roles: { shopperId: 'Customer' } }),
      upload(2, { roles: { shopperId: 'Client', orderId: 'Invoice' } }),
    ]);
    expect(roles).toEqual({ shopperId: 'Customer', orderId: 'Invoice' });
  });
});
