import { DuckDBInstance } from '@duckdb/node-api';
import { changesSql, supersededSql } from '@app/frames';
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldUploads, type ReadyUpload } from './fold.js';

/** An upload of rows `[key, other key, value]`. Null stands for an empty cell. */
interface Sent {
  mode: ReadyUpload['mode'];
  keyed: 'a' | 'b' | 'a,b';
  rows: { a: number; b: number; value: number }[];
}

type Row = { ordinal: number; n: number } & Sent['rows'][number];
interface Changes {
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
}

const NO_KEY: readonly string[] = [];
const keysOf = ({ mode, keyed }: Sent): readonly string[] =>
  mode === 'upsert' || mode === 'mirror' ? keyed.split(',') : NO_KEY;
const keyOf = (row: Row, keys: readonly string[]): string =>
  keys.map((name) => row[name as 'a' | 'b']).join('|');

/** The rules as they read: one upload after the other is laid over the table. */
function table(uploads: { ordinal: number; sent: Sent }[]): Row[] {
  let visible: Row[] = [];
  for (const { ordinal, sent } of uploads) {
    const keys = keysOf(sent);
    const rows = sent.rows.map((row, n) => ({ ordinal, n, ...row }));
    const last = new Map(rows.map((row) => [keyOf(row, keys), row]));
    const own = keys.length === 0 ? rows : rows.filter((row) => last.get(keyOf(row, keys)) === row);
    if (sent.mode === 'replace' || sent.mode === 'mirror') visible = [];
    if (sent.mode === 'upsert') visible = visible.filter((row) => !last.has(keyOf(row, keys)));
    visible = [...visible, ...own];
  }
  return visible;
}

function changesOf(before: Row[], after: Row[], keys: readonly string[]): Changes {
  const group = (rows: Row[]): Map<string, Row[]> => {
    const groups = new Map<string, Row[]>();
    for (const row of rows) groups.set(keyOf(row, keys), [...(groups.get(keyOf(row, keys)) ?? []), row]);
    return groups;
  };
  const [prior, own] = [group(before), group(after)];
  const text = ({ a, b, value }: Row): string => `${a},${b},${value}`;
  const same = (left: Row[], right: Row[]): boolean =>
    left.length === 1 && left.map(text).join() === right.map(text).join();
  const both = [...own].filter(([key]) => prior.has(key));
  const unchanged = both.filter(([key, rows]) => same(prior.get(key) ?? [], rows)).length;
  return {
    created: own.size - both.length,
    updated: both.length - unchanged,
    unchanged,
    removed: prior.size - both.length,
  };
}

const uploadOf = (sent: Sent, ordinal: number): ReadyUpload => {
  const keys = keysOf(sent);
  const texts = sent.rows.map((row) => keyOf({ ordinal, n: 0, ...row }, keys));
  return {
    uploadId: `upload-${ordinal}`,
    ordinal,
    mode: sent.mode,
    keyColumns: [...keys],
    repeatsKeys: keys.length > 0 && new Set(texts).size < texts.length,
    revision: 1,
    rowCount: sent.rows.length,
    columns: ['a', 'b', 'value'].map((name, index) => ({
      name,
      header: name,
      physical: `c${index}`,
      type: 'integer',
      storage: 'BIGINT',
      nulls: 0,
      min: null,
      max: null,
    })),
    roles: {},
    manifest: [],
  };
};

const relationOf = (uploads: { ordinal: number; sent: Sent }[]): string => {
  const rows = uploads.flatMap(({ ordinal, sent }) =>
    sent.rows.map(({ a, b, value }, n) => `(${ordinal}, ${n}, ${a}, ${b}, ${value})`),
  );
  return `(SELECT * FROM (VALUES ${[...rows, '(0, 0, 0, 0, 0)'].join(', ')}) AS t(upload, n, c0, c1, c2) WHERE upload > 0)`;
};

const PHYSICAL = { a: 'c0', b: 'c1' } as const;
const keyed = (
  uploads: readonly {
    ordinal: number;
    mode: ReadyUpload['mode'];
    keyColumns: readonly string[];
    repeatsKeys: boolean;
  }[],
) =>
  uploads.map(({ ordinal, mode, keyColumns, repeatsKeys }) => ({
    ordinal,
    mode,
    keys: keyColumns.map((name) => PHYSICAL[name as 'a' | 'b']),
    repeatsKeys,
  }));

const small = integer({ min: 0, max: 3 });
const uploads = array(
  record({
    mode: constantFrom(
      'append' as const,
      'replace' as const,
      'upsert' as const,
      'mirror' as const,
      'upsert' as const,
    ),
    keyed: constantFrom('a' as const, 'b' as const, 'a,b' as const),
    rows: array(record({ a: small, b: small, value: small }), { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 6 },
);

let query: (sql: string) => Promise<unknown[][]>;
beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  query = async (sql) => (await connection.runAndReadAll(sql)).getRows();
});

/** What readers would see: the uploads of the fold without the rows that are superseded. */
async function visibleRows(given: { ordinal: number; sent: Sent }[]): Promise<string[]> {
  const fold = foldUploads(given.map(({ sent, ordinal }) => uploadOf(sent, ordinal)));
  const shown = new Set(fold.uploads.map(({ ordinal }) => ordinal));
  const relation = relationOf(given.filter(({ ordinal }) => shown.has(ordinal)));
  const gone = supersededSql(relation, keyed(fold.uploads));
  const rows = await query(
    `SELECT upload, n FROM ${relation} ${gone === undefined ? '' : `ANTI JOIN ${gone} AS gone USING (upload, n)`} ORDER BY upload, n`,
  );
  return rows.map(([upload, n]) => `${String(upload)}:${String(n)}`);
}

const expected = (given: { ordinal: number; sent: Sent }[]): string[] =>
  table(given).map(({ ordinal, n }) => `${ordinal}:${n}`);

describe('the fold over keys', () => {
  it('is what laying one upload over the other gives, for any uploads', async () => {
    await assert(
      asyncProperty(uploads, async (sequence) => {
        const given = sequence.map((sent, index) => ({ ordinal: index + 1, sent }));
        expect(await visibleRows(given)).toEqual(expected(given));
      }),
      { numRuns: 150 },
    );
  });

  it('is, once any uploads are undone in any order, the fold as if they had never been', async () => {
    await assert(
      asyncProperty(
        uploads,
        array(integer({ min: 0, max: 5 }), { maxLength: 4 }),
        async (sequence, undone) => {
          let given = sequence.map((sent, index) => ({ ordinal: index + 1, sent }));
          for (const index of undone) {
            given = given.filter(({ ordinal }) => ordinal !== index + 1);
            expect(await visibleRows(given)).toEqual(expected(given));
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('counts by key what an upsert or mirror does', async () => {
    await assert(
      asyncProperty(uploads, async (sequence) => {
        const given = sequence.map((sent, index) => ({ ordinal: index + 1, sent }));
        const last = given.at(-1);
        if (last === undefined || keysOf(last.sent).length === 0) return;
        const keys = keysOf(last.sent);
        const earlier = given.slice(0, -1);
        const before = table(earlier);
        const fold = foldUploads([
          ...earlier.map(({ sent, ordinal }) => uploadOf(sent, ordinal)),
          { ...uploadOf(last.sent, last.ordinal), mode: 'upsert' },
        ]);
        const shown = new Set(fold.uploads.map(({ ordinal }) => ordinal));
        const relation = relationOf(given.filter(({ ordinal }) => shown.has(ordinal)));
        const left = (among: typeof fold.uploads, condition: string): string => {
          const gone = supersededSql(relation, keyed(among));
          const anti = gone === undefined ? '' : `ANTI JOIN ${gone} AS gone USING (upload, n)`;
          return `(SELECT * FROM ${relation} ${anti} WHERE upload ${condition} ${last.ordinal})`;
        };
        const sql = changesSql(
          left(fold.uploads.slice(0, -1), '<'),
          left(fold.uploads.slice(-1), '='),
          keys.map((name) => PHYSICAL[name as 'a' | 'b']),
          ['c0', 'c1', 'c2'],
        );
        const [counts = []] = await query(sql);
        const own = table([{ ordinal: last.ordinal, sent: { ...last.sent, mode: 'mirror' } }]);
        expect(counts.map(Number)).toEqual(Object.values(changesOf(before, own, keys)));
      }),
      { numRuns: 150 },
    );
  });
});
