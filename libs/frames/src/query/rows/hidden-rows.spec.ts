import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { assert, asyncProperty, constant, integer, tuple, uniqueArray } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SupersededRows, VisibleUpload } from '../visible-set.js';
import { HiddenRows } from './hidden-rows.js';
import { HiddenRowsCache } from './hidden-rows-cache.js';

const ORDINAL = 3;

let connection: DuckDBConnection;
let directory: string;
let files = 0;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  directory = mkdtempSync(join(tmpdir(), 'hidden-rows-'));
});
afterAll(() => {
  connection.closeSync();
  rmSync(directory, { recursive: true, force: true });
});

/** A table of superseded rows, of this upload and of another one. */
async function tableOf(hidden: readonly number[]): Promise<string> {
  const path = join(directory, `${(files += 1)}.parquet`);
  const own = hidden.map((n) => `(${ORDINAL}, ${n}::BIGINT)`);
  await connection.run(
    `COPY (SELECT * FROM (VALUES (1, 0::BIGINT), ${own.join(', ')}) AS t(c0, c1)) TO '${path}' (FORMAT parquet)`,
  );
  return path;
}

const superseded = (rowCount: number): SupersededRows => ({
  ownerId: 'owner',
  revision: 1,
  ordinal: ORDINAL,
  rowCount,
  manifest: [],
});

const upload = (ownerId: string): VisibleUpload => ({
  uploadId: ownerId,
  revision: 1,
  ordinal: ORDINAL,
  mode: 'append',
  rowCount: 8,
  columns: [],
  manifest: [],
  superseded: { ...superseded(1), ownerId },
});

describe('the hidden rows of an upload', () => {
  it('leave all others, by condition and by position', async () => {
    await assert(
      asyncProperty(
        integer({ min: 1, max: 70 }).chain((rows) =>
          tuple(
            constant(rows),
            uniqueArray(integer({ min: 0, max: rows - 1 }), { minLength: 1, maxLength: rows }),
          ),
        ),
        async ([rows, numbers]) => {
          const path = await tableOf(numbers);
          const hidden = await HiddenRows.read(connection, superseded(numbers.length), [path], rows);
          const expected = Array.from({ length: rows }, (_, n) => n).filter((n) => !numbers.includes(n));
          const left = await connection.runAndReadAll(
            `SELECT n FROM range(${rows}) AS t(n) WHERE ${hidden.condition} ORDER BY n`,
          );
          expect(left.getRows().map(([n]) => Number(n))).toEqual(expected);
          expect(expected.map((_, position) => hidden.numberAt(position))).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are kept while there is room for them, the least recently used go first', async () => {
    const path = await tableOf([7]);
    const one = await HiddenRows.read(connection, superseded(1), [path], 8);
    const cache = new HiddenRowsCache(2 * one.sizeBytes);
    const a = await cache.of(connection, upload('a'), [path]);
    await cache.of(connection, upload('b'), [path]);
    expect(await cache.of(connection, upload('a'), [path])).toBe(a);
    const c = await cache.of(connection, upload('c'), [path]);
    expect(await cache.of(connection, upload('a'), [path])).toBe(a);
    expect(await cache.of(connection, upload('c'), [path])).toBe(c);
    expect(await cache.of(connection, { ...upload('d'), superseded: undefined }, [])).toBeUndefined();
  });
});
