import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { TemporaryEngine } from '../fixtures/temporary-engine.js';
import { type DuckEngine, MANY_ROWS } from './duck-engine.js';

let temporary: TemporaryEngine;
let engine: DuckEngine;

beforeAll(async () => {
  temporary = await TemporaryEngine.open({ usual: 100, large: 200 });
  engine = temporary.engine;
});
afterAll(() => temporary.close());

const wide = { columns: MANY_COLUMNS + 1, rows: 1 };

const setting = (name: string, of: DuckEngine): Promise<string> =>
  of.connect(async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT current_setting('${name}')`);
    return String(reader.getRows()[0]?.[0]);
  });
const limit = (): Promise<string> => setting('memory_limit', engine);

it('holds more in memory as long as it works on a large table, and only then', async () => {
  const [usual, more] = ['95.3 MiB', '190.7 MiB'];
  expect(await limit()).toBe(usual);
  expect(await engine.forTable({ columns: MANY_COLUMNS, rows: MANY_ROWS }, limit)).toBe(usual);
  expect(await engine.forTable({ columns: 1, rows: MANY_ROWS + 1 }, limit)).toBe(more);
  const whileOneIsLeft = await engine.forTable(wide, async () => {
    await engine.forTable(wide, () => Promise.reject(new Error('failed'))).catch(() => undefined);
    return limit();
  });
  expect([whileOneIsLeft, await limit()]).toEqual([more, usual]);
});

it('never takes memory from a large table that begins while another ends', async () => {
  const limits = new Set<string>();
  for (let time = 0; time < 300; time += 1) {
    let next = Promise.resolve('');
    await engine.forTable(wide, async () => {
      next = setImmediate().then(() => engine.forTable(wide, limit));
    });
    limits.add(await next);
  }
  expect([...limits]).toEqual(['190.7 MiB']);
  expect(await limit()).toBe('95.3 MiB');
});

it('has an engine of one thread beside it, as locked as itself, with as much memory', async () => {
  const beside = await engine.oneThread();
  const scratch = engine.scratchDirectory();
  expect(await setting('threads', beside)).toBe('1');
  expect(await setting('memory_limit', beside)).toBe('95.3 MiB');
  expect(await beside.forTable(wide, () => setting('memory_limit', beside))).toBe('190.7 MiB');
  expect(await write(beside, join(scratch, 'own.csv'))).toBe('written');
  await expect(write(beside, join(temporary.directory, 'foreign.csv'))).rejects.toThrow('Permission Error');
  expect(await engine.oneThread()).toBe(beside);
});

it('closes the engine beside it', async () => {
  const other = await TemporaryEngine.open({ usual: 100, large: 200 });
  const beside = await other.engine.oneThread();
  other.close();
  await expect(setting('threads', beside)).rejects.toThrow('closed');
});

it('leaves no directory where it is closed while the engine beside it is still being made', async () => {
  const other = await TemporaryEngine.open({ usual: 100, large: 200 });
  const beside = other.engine.oneThread();
  other.close();
  await expect(beside).rejects.toThrow('closed');
  expect(existsSync(other.directory)).toBe(false);
});

const write = async (of: DuckEngine, path: string): Promise<string> => {
  await of.connect((connection) => connection.run(`COPY (SELECT 1) TO '${path}'`));
  return 'written';
};

it('rolls back what work that failed has left open, before others get its connection', async () => {
  const work = engine.connect(async (connection) => {
    await connection.run('BEGIN; CREATE TEMP TABLE left_behind (a INTEGER)');
    throw new Error('failed');
  });
  await expect(work).rejects.toThrow('failed');
  const after = engine.connect(async (connection) => {
    await connection.run('BEGIN; COMMIT');
    await connection.run('SELECT * FROM left_behind');
  });
  await expect(after).rejects.toThrow('left_behind does not exist');
});

const change = (setting: string) => engine.connect((connection) => connection.run(`SET ${setting}`));

it('lets no other setting be changed', async () => {
  await expect(change('threads = 1')).rejects.toThrow('configuration has been locked');
  await expect(change(`allowed_configs = ['threads']`)).rejects.toThrow('configuration has been locked');
  await expect(change('enable_external_access = true')).rejects.toThrow('locked');
});
