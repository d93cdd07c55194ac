import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuckEngine } from '../engine/duck-engine.js';
import { TemporaryEngine } from '../fixtures/temporary-engine.js';
import { fillTexts, lineBytes } from './fill-texts.js';
import { TextsTable } from './texts-table.js';

let temporary: TemporaryEngine;
let engine: DuckEngine;
let directory: string;
beforeAll(async () => {
  temporary = await TemporaryEngine.open({ usual: 200, large: 400 });
  engine = temporary.engine;
  directory = engine.scratchDirectory();
});
afterAll(() => temporary.close());

/** As an ingest does. */
async function connectFor<T>(
  columns: number,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const beside = await engine.oneThread();
  return beside.forTable({ columns, rows: 500 }, () => beside.connect(work));
}

describe('TextsTable', () => {
  it.each([3, 2000])('takes %i columns of texts within the memory of a worker', (columns) =>
    connectFor(columns, async (connection) => {
      const texts = new TextsTable(connection, directory, columns);
      const cells = Array.from(
        { length: columns },
        (_, index) => `'t' || (i % 64 * ${index + 1}) AS c${index}`,
      );
      expect(await texts.fill(`SELECT ${cells.join(', ')} FROM range(500) AS rows(i)`)).toBe(500);
      await texts.remove('SELECT 0');
      const reader = await connection.runAndReadAll(
        `SELECT r, c0, c${columns - 1} FROM ${texts.table} ORDER BY r LIMIT 1`,
      );
      expect(reader.getRows()).toEqual([[1n, 't1', `t${columns}`]]);
      await texts.drop();
    }),
  );

  it.each([
    [201, 20_000],
    [2000, 5000],
  ])('keeps the order of a file of %i columns and %i rows, time and again', async (columns, rows) => {
    const path = join(directory, `${columns}.csv`);
    const rest = ',1'.repeat(columns - 1);
    writeFileSync(path, Array.from({ length: rows }, (_, row) => `${row}${rest}\n`).join(''));
    const longestLine = lineBytes(columns, 0);
    const file = { path, delimiter: ',', columns, header: false, ends: 'lf', longestLine } as const;
    for (let time = 0; time < 4; time += 1) {
      await connectFor(columns, async (connection) => {
        const texts = new TextsTable(connection, directory, columns);
        expect(await fillTexts(texts, file)).toBe(rows);
        const reader = await connection.runAndReadAll(`SELECT r FROM ${texts.table} WHERE c0 <> r::VARCHAR`);
        expect(reader.getRows()).toEqual([]);
        await texts.drop();
      });
    }
  });
});
