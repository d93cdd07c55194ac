import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
});
