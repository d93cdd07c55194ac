import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuckEngine } from '../engine/duck-engine.js';
import { TemporaryEngine } from '../fixtures/temporary-engine.js';
import { lineBytes, type LineEnds } from './fill-texts.js';
import { PartedLoad } from './parted-load.js';
import { TextsTable } from './texts-table.js';

/** Three parts. */
const ROWS = 500_000;
const line = (row: number): string => `${row},"a cell, quoted, of row ${row} in a file"`;

let temporary: TemporaryEngine;
let engine: DuckEngine;
beforeAll(async () => {
  temporary = await TemporaryEngine.open({ usual: 200, large: 400 });
  engine = await temporary.engine.oneThread();
});
afterAll(() => temporary.close());

interface Given {
  lines: string[];
  ends?: LineEnds;
  signal?: AbortSignal;
}

async function withLoad<T>(
  { lines, ends = 'lf', signal }: Given,
  work: (
    load: PartedLoad,
    texts: TextsTable,
    connections: [DuckDBConnection, DuckDBConnection],
    directory: string,
  ) => Promise<T>,
): Promise<T> {
  const directory = engine.scratchDirectory();
  const path = join(directory, 'given.csv');
  const end = { lf: '\n', crlf: '\r\n', cr: '\r' }[ends];
  const text = Buffer.from(['number,text', ...lines, ''].join(end));
  writeFileSync(path, text);
  const file = {
    path,
    sizeBytes: text.length,
    delimiter: ',',
    columns: 2,
    header: true,
    ends,
    longestLine: lineBytes(2, 0),
  };
  return engine.connect((first) =>
    engine.connect(async (second) => {
      const texts = new TextsTable(first, directory, 2);
      const load = new PartedLoad(texts, file, text.subarray(0, 256 * 1024), directory, signal);
      try {
        return await work(load, texts, [first, second], directory);
      } finally {
        await texts.drop();
      }
    }),
  );
}

const numbered = (rows: number): string[] => Array.from({ length: rows }, (_, row) => line(row));

async function misplaced(texts: TextsTable, connection: DuckDBConnection): Promise<unknown[][]> {
  const reader = await connection.runAndReadAll(
    `SELECT r, c0, c1 FROM ${texts.table}
      WHERE c0 <> r::VARCHAR OR c1 <> 'a cell, quoted, of row ' || r || ' in a file' LIMIT 5`,
  );
  return reader.getRows();
}

describe('PartedLoad', () => {
  it.each(['lf', 'crlf'] as const)(
    'two connections load all rows in their order, lines ending with %s, and leave no copies',
    (ends) =>
      withLoad({ lines: numbered(ROWS), ends }, async (load, texts, [first, second], directory) => {
        expect(load.isCut).toBe(true);
        await Promise.all([load.run(first), load.run(second)]);
        expect(await texts.count()).toBe(ROWS);
        expect(await misplaced(texts, first)).toEqual([]);
        expect(await readdir(directory)).toEqual(['given.csv']);
      }),
  );

  it('one connection loads a file as it is that is too small to be cut', () =>
    withLoad({ lines: numbered(50_000) }, async (load, texts, [first]) => {
      expect(load.isCut).toBe(false);
      await load.run(first);
      expect(await texts.count()).toBe(50_000);
      expect(await misplaced(texts, first)).toEqual([]);
    }));

  it.each([
    ['a cell of the first lines spans lines', { lines: ['0,"two', 'lines"', ...numbered(ROWS)] }],
    ['there is more of it than stays in memory', { lines: numbered(1_400_000) }],
    ['lines end with a carriage return', { lines: numbered(ROWS), ends: 'cr' as const }],
  ])('does not cut a file where %s', (_, given) =>
    withLoad(given, async (load, texts, [first]) => {
      expect(load.isCut).toBe(false);
      await load.run(first);
      expect(await texts.count()).toBeGreaterThanOrEqual(ROWS);
    }),
  );

  it('fails as a whole where a cut goes through a record, and leaves both connections free', () => {
    const lines = numbered(ROWS);
    // One cell of all lines from 100,000 on: the cut behind them lies within it.
    lines[100_000] = '100000,"opened';
    lines[400_000] = 'closed"';
    return withLoad({ lines }, async (load, texts, [first, second]) => {
      const ends = await Promise.allSettled([load.run(first), load.run(second)]);
      expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      for (const connection of [first, second]) await connection.run('BEGIN; ROLLBACK');
      expect(await texts.fill('SELECT 1, 2')).toBe(1);
    });
  });

  it('takes no further part once it is stopped or aborted', async () => {
    await withLoad({ lines: numbered(ROWS) }, async (load, texts, [first]) => {
      const running = load.run(first);
      load.stop();
      await running;
      expect(await texts.count()).toBeLessThan(ROWS);
    });
    const signal = AbortSignal.abort(new Error('cancelled'));
    await withLoad({ lines: numbered(ROWS), signal }, async (load, _, [first]) => {
      await expect(load.run(first)).rejects.toThrow('cancelled');
    });
  });

  it.each([
    ['BEGIN', 'INTERRUPT'],
    ['COMMIT', 'INTERRUPT'],
    ['ROLLBACK', 'refused'],
  ])('leaves no transaction open where %s is interrupted', (statement, reason) =>
    withLoad({ lines: numbered(ROWS) }, async (load, texts, [first]) => {
      const run = first.run.bind(first);
      let isDue = true;
      first.run = async (sql, ...values) => {
        const isInterrupted = isDue && sql === statement;
        if (isInterrupted) isDue = false;
        // Interrupted before anything is rolled back, and once the others have done what they do.
        const result = isInterrupted && sql === 'ROLLBACK' ? undefined : await run(sql, ...values);
        if (isInterrupted) throw new Error('INTERRUPT Error: Interrupted!');
        if (statement === 'ROLLBACK' && sql.startsWith('INSERT')) throw new Error('refused');
        return result as Awaited<ReturnType<typeof run>>;
      };
      await expect(load.run(first)).rejects.toThrow(reason);
      first.run = run;
      await first.run('BEGIN; ROLLBACK');
      expect(await texts.fill('SELECT 1, 2')).toBe(1);
    }),
  );
});
