import { Problem } from '@app/problems';
import { FrameMismatch, type RowFilter, type RowsQuery, visibleTable, type VisibleSet } from '@app/frames';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../fixtures/frames-rig.js';

let rig: FramesRig;
let visible: VisibleSet;

/** Two uploads of one dataset: other order of columns, a wider type, a column that only one has. */
beforeAll(async () => {
  rig = await FramesRig.start();
  const first = await rig.ingest(
    'id,city,price,on\n1,Köln,1,2010-01-01\n2,,2,2010-01-02\n3,Bonn,3,2010-01-03\n',
  );
  const second = await rig.ingest('price,id,on,extra\n2.5,4,2010-01-04 10:30,x\n0.5,5,2010-01-05 00:00,y\n');
  const column = (
    index: number,
    name: string,
    type: 'integer' | 'text' | 'decimal' | 'timestamp',
    storage: string,
  ) => ({
    ...(first.columns[0] as VisibleSet['columns'][number]),
    name,
    physical: `c${index}` as const,
    type,
    storage: storage as 'BIGINT',
  });
  visible = {
    id: 'set',
    timezone: 'Europe/Berlin',
    rowCount: 5,
    columns: [
      column(0, 'id', 'integer', 'BIGINT'),
      column(1, 'city', 'text', 'VARCHAR'),
      column(2, 'price', 'decimal', 'DECIMAL(2,1)'),
      column(3, 'on', 'timestamp', 'TIMESTAMP'),
      column(4, 'extra', 'text', 'VARCHAR'),
    ],
    uploads: [first, second].map(({ visible: { uploads } }, index) => ({
      ...(uploads[0] as VisibleSet['uploads'][number]),
      ordinal: index + 1,
    })),
  };
});
afterAll(() => rig.stop());

const ids = async (query: Partial<RowsQuery>): Promise<unknown[]> => {
  const { rows, count } = await rig.query.rows(visible, { page: 1, pageSize: 100, ...query });
  if (query.page === undefined) expect(count).toBe(rows.length);
  return rows.map(({ id }) => id);
};
const filter = (column: string, operator: RowFilter['operator'], value: string): RowFilter[] => [
  { column, operator, value },
];

describe('FrameQuery.rows', () => {
  it('shows uploads of different columns and types as one table, times in UTC', async () => {
    expect(await rig.rowsOf(visible)).toEqual([
      { id: 1, city: 'Köln', price: 1, on: '2009-12-31T23:00:00Z', extra: null },
      { id: 2, city: null, price: 2, on: '2010-01-01T23:00:00Z', extra: null },
      { id: 3, city: 'Bonn', price: 3, on: '2010-01-02T23:00:00Z', extra: null },
      { id: 4, city: null, price: 2.5, on: '2010-01-04T09:30:00Z', extra: 'x' },
      { id: 5, city: null, price: 0.5, on: '2010-01-04T23:00:00Z', extra: 'y' },
    ]);
  });

  it.each([
    ['eq', 'price', '2.5', [4]],
    ['ne', 'city', 'Bonn', [1, 2, 4, 5]],
    ['gt', 'id', '3', [4, 5]],
    ['gte', 'on', '2010-01-04T09:30:00Z', [4, 5]],
    ['lt', 'on', '2010-01-02', [1]],
    ['lte', 'price', '1', [1, 5]],
    ['in', 'id', '1,5,77', [1, 5]],
    ['contains', 'city', 'ö', [1]],
    ['isnull', 'city', 'true', [2, 4, 5]],
    ['isnull', 'city', 'false', [1, 3]],
    ['eq', 'city', `x' OR 1=1 --`, []],
  ] as const)('filters %s %s %s', async (operator, column, value, expected) => {
    expect(await ids({ filters: filter(column, operator, value) })).toEqual(expected);
  });

  it('orders with ties in natural order, nulls last, and pages without gaps', async () => {
    expect(await ids({ ordering: ['city'] })).toEqual([3, 1, 2, 4, 5]);
    expect(await ids({ ordering: ['-city', '-id'] })).toEqual([1, 3, 5, 4, 2]);
    expect(await ids({ ordering: ['price'], page: 2, pageSize: 2 })).toEqual([2, 4]);
    expect(await ids({ page: 2, pageSize: 2 })).toEqual([3, 4]);
    expect(await ids({ page: 9, pageSize: 2 })).toEqual([]);
    expect(await ids({ page: 9, pageSize: 2, ordering: ['id'] })).toEqual([]);
  });

  it('shows only the columns asked for', async () => {
    const { rows } = await rig.query.rows(visible, { page: 1, pageSize: 1, columns: ['price', 'id'] });
    expect(JSON.stringify(rows)).toBe('[{"price":1,"id":1}]');
  });

  it.each([
    ['filter[price]', { filters: filter('price', 'eq', 'cheap') }],
    ['filter[on][gt]', { filters: filter('on', 'gt', '2010-02-30') }],
    ['filter[id][contains]', { filters: filter('id', 'contains', '1') }],
    ['filter[city][isnull]', { filters: filter('city', 'isnull', 'perhaps') }],
    ['filter[nope]', { filters: filter('nope', 'eq', '1') }],
    ['ordering', { ordering: ['-nope'] }],
    ['columns', { columns: ['c0"; DROP'] }],
  ])('refuses a wrong %s with 400', async (field, query) => {
    const error: unknown = await rig.query
      .rows(visible, { page: 1, pageSize: 1, ...query })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).status).toBe(400);
    expect(Object.keys((error as Problem).fields)).toEqual([field]);
  });

  it('keeps integers beyond 2^53 exact', async () => {
    const big = await rig.ingest('n\n9007199254740993\n12345678901234567890123\n');
    expect(await rig.rowsOf(big.visible)).toEqual([
      { n: '9007199254740993' },
      { n: '12345678901234567890123' },
    ]);
  });
});

describe('FrameWriter', () => {
  it('stores a select and reads it back as a table', async () => {
    const ownerId = uuidv7();
    const written = await rig.engine.connect((connection) =>
      rig.writer.write(connection, {
        ownerId,
        revision: 3,
        sql: `SELECT 'S' || range AS id, range::INTEGER % 3, sqrt(range::DOUBLE) FROM range(70000)`,
        names: ['shopperId', 'segment', 'root'],
      }),
    );
    expect(written).toMatchObject({ rowCount: 70_000, manifest: [{ rows: 65_536 }, { rows: 4464 }] });
    const table = visibleTable({ ...written, ownerId, revision: 3 });
    const { count, rows } = await rig.query.rows(table, {
      page: 2,
      pageSize: 1,
      ordering: ['-root'],
      filters: filter('segment', 'eq', '1'),
    });
    expect([count, { ...rows[0] }]).toEqual([
      23_333,
      { shopperId: 'S69994', segment: 1, root: Math.sqrt(69_994) },
    ]);
  });
});

describe('a table without rows', () => {
  it('is stored and read like any other', async () => {
    const ownerId = uuidv7();
    const sql = 'SELECT 1 AS a WHERE false';
    const written = await rig.engine.connect((connection) =>
      rig.writer.write(connection, { ownerId, revision: 1, sql, names: ['a'] }),
    );
    expect(written).toMatchObject({
      rowCount: 0,
      manifest: [],
      columns: [{ name: 'a', nulls: 0, min: null }],
    });
    const table = visibleTable({ ...written, ownerId, revision: 1 });
    expect(await rig.query.rows(table, { page: 1, pageSize: 5, ordering: ['a'] })).toEqual({
      count: 0,
      rows: [],
    });
  });
});

describe('the local frames', () => {
  it('are fetched again from MongoDB where they are missing, by other processes too', async () => {
    const other = await FramesRig.start();
    try {
      expect(await other.rowsOf(visible)).toEqual(await rig.rowsOf(visible));
    } finally {
      await other.stop();
    }
  });

  it('are fetched again where they were removed meanwhile, for each kind of page', async () => {
    const other = await FramesRig.start();
    try {
      const questions: Partial<RowsQuery>[] = [
        {},
        { ordering: ['city'] },
        { filters: [{ column: 'id', operator: 'gt', value: '1' }] },
      ];
      for (const question of questions) {
        const rows = await other.rowsOf(visible, question);
        other.removeLocalFrames();
        expect(await other.rowsOf(visible, question)).toEqual(rows);
      }
    } finally {
      await other.stop();
    }
  });

  it('are refused where MongoDB has none', async () => {
    const gone = await rig.ingest('a\n1\n');
    await rig.repository.removeRevision(gone.uploadId, 1);
    const other = await FramesRig.start();
    try {
      await expect(other.rowsOf(gone.visible)).rejects.toBeInstanceOf(FrameMismatch);
    } finally {
      await other.stop();
    }
  });
});

describe('without MongoDB', () => {
  it('rows answer 503 and nothing else breaks (L11)', async () => {
    const lonely = await FramesRig.start({ MONGO_URL: 'mongodb://127.0.0.1:9/none' });
    try {
      const error: unknown = await lonely.rowsOf(visible).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
      await expect(lonely.ingest('a\n1\n')).rejects.toThrow('MongoDB cannot be reached');
    } finally {
      await lonely.stop();
    }
  });
});
