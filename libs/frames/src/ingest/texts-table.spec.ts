import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillTexts, lineBytes } from './fill-texts.js';
import { TextsTable } from './texts-table.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'texts-table-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('TextsTable', () => {
  it.each([3, 2000])('takes %i columns of texts within the memory of a worker', async (columns) => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '400MB' });
    const connection = await instance.connect();
    try {
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
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });

  it('keeps the order of a wide file', async () => {
    const [columns, rows] = [201, 20_000];
    const path = join(directory, 'wide.csv');
    const rest = ',1'.repeat(columns - 1);
    writeFileSync(path, Array.from({ length: rows }, (_, row) => `${row}${rest}\n`).join(''));
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '400MB' });
    const connection = await instance.connect();
    try {
      const texts = new TextsTable(connection, directory, columns);
      const longestLine = lineBytes(columns, 0);
      const file = { path, delimiter: ',', columns, header: false, ends: 'lf', longestLine } as const;
      expect(await fillTexts(texts, file)).toBe(rows);
      const reader = await connection.runAndReadAll(`SELECT r FROM ${texts.table} WHERE c0 <> r::VARCHAR`);
      expect(reader.getRows()).toEqual([]);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});
