import type { RowsQuery, VisibleSet } from '@app/frames';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../../fixtures/frames-rig.js';

const ROWS = 150_000;
const PAGE_SIZE = 50;

interface Row {
  id: number;
  name: string | null;
  size: number | null;
  at: string;
}

/** Names, sizes and times that occur often, names and sizes missing in some rows. */
const TABLE: Row[] = Array.from({ length: ROWS }, (_, id) => ({
  id,
  name: id % 11 === 0 ? null : `n${(id * 7919) % 997}`,
  size: id % 13 === 0 ? null : (id * 104_729) % 5003,
  at: new Date(Date.UTC(2011, 0, 1, 0, (id * 31) % 40_009)).toISOString().slice(0, 19),
}));

let rig: FramesRig;
let visible: VisibleSet;

beforeAll(async () => {
  rig = await FramesRig.start();
  const lines = TABLE.map(({ id, name, size, at }) => `${id},${name ?? ''},${size ?? ''},${at}`);
  visible = (await rig.ingest(`id,name,size,at\n${lines.join('\n')}\n`)).visible;
});
afterAll(() => rig.stop());

const compare = (
  left: string | number | null,
  right: string | number | null,
  descending: boolean,
): number => {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (left === right) return 0;
  return left < right === descending ? 1 : -1;
};

function sorted(rows: readonly Row[], column: keyof Row, descending: boolean): number[] {
  return rows
    .toSorted((a, b) => compare(a[column], b[column], descending) || a.id - b.id)
    .map(({ id }) => id);
}

const pageOf = async (query: Partial<RowsQuery>): Promise<{ count: number; ids: unknown[] }> => {
  const { count, rows } = await rig.query.rows(visible, {
    page: 1,
    pageSize: PAGE_SIZE,
    columns: ['id'],
    ...query,
  });
  return { count, ids: rows.map(({ id }) => id) };
};

/** First, last and beyond, around the middle, and where other ways of finding a page begin. */
function pagesOf(count: number): number[] {
  const last = Math.ceil(count / PAGE_SIZE);
  return [1, 2, 40, 41, Math.floor(last / 2), Math.floor(last / 2) + 1, last - 1, last, last + 1];
}

describe('pages of a large table are those of all rows in order', () => {
  it.each([
    ['name', false],
    ['name', true],
    ['size', false],
    ['size', true],
    ['at', false],
    ['at', true],
    // No value occurs twice.
    ['id', false],
    ['id', true],
  ] as const)('by %s, descending: %s', async (column, descending) => {
    const ids = sorted(TABLE, column, descending);
    for (const page of pagesOf(ROWS)) {
      const ordering = [`${descending ? '-' : ''}${column}`];
      expect(await pageOf({ ordering, page })).toEqual({
        count: ROWS,
        ids: ids.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
      });
    }
  });

  it('by two columns', async () => {
    const ids = TABLE.toSorted(
      (a, b) => compare(a.name, b.name, true) || compare(a.at, b.at, false) || a.id - b.id,
    ).map(({ id }) => id);
    for (const page of pagesOf(ROWS)) {
      expect((await pageOf({ ordering: ['-name', 'at'], page })).ids).toEqual(
        ids.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
      );
    }
  });

  it.each(['name', 'size'] as const)('by %s, of the rows that filters leave', async (column) => {
    const left = TABLE.filter(({ size }) => size !== null && size >= 2500);
    const ids = sorted(left, column, false);
    for (const page of pagesOf(left.length)) {
      const filters = [{ column: 'size', operator: 'gte' as const, value: '2500' }];
      expect(await pageOf({ ordering: [column], page, filters })).toEqual({
        count: left.length,
        ids: ids.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
      });
    }
  });

  it.each([
    ['many match', '1'],
    ['few match', '5000'],
    ['none match', '5003'],
  ])('as they stand, where %s', async (_, value) => {
    const left = TABLE.filter(({ size }) => size !== null && size >= Number(value));
    for (const page of pagesOf(left.length).filter((number) => number > 0)) {
      const filters = [{ column: 'size', operator: 'gte' as const, value }];
      expect(await pageOf({ page, filters })).toEqual({
        count: left.length,
        ids: left.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(({ id }) => id),
      });
    }
  });
});
