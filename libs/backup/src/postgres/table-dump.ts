import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { type FileFigures, writeHashed } from '../hashed-file.js';

const FETCHED_ROWS = 500;
const INSERTED_CHARACTERS = 4 * 1024 ** 2;
/** What tells of processes and messages of the moment, and which schema this is. */
const LEFT_OUT = ['migrations', 'outbox', 'stream_events', 'workers'];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables of a backup: each after those that it refers to. */
export async function tablesInOrder(manager: EntityManager): Promise<string[]> {
  const tables = await manager.query<{ name: string; needs: string[] }[]>(
    `SELECT c.relname AS name, coalesce(array_agg(t.relname::text) FILTER (WHERE t.relname IS NOT NULL), '{}') AS needs
       FROM pg_class c LEFT JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid
       LEFT JOIN pg_class t ON t.oid = f.confrelid
      WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname ORDER BY c.relname`,
  );
  const waiting = tables.filter(({ name }) => !LEFT_OUT.includes(name));
  const ordered: string[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ needs }) => needs.every((need) => ordered.includes(need)));
    if (next < 0) throw new Error('Tables refer to each other in a circle.');
    ordered.push(...waiting.splice(next, 1).map(({ name }) => name));
  }
  return ordered;
}

export async function appliedMigrations(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY name');
  return rows.map(({ name }) => name);
}

/** Writes the rows of a table as JSON lines. The caller's transaction decides of which moment. */
export async function dumpTable(
  manager: EntityManager,
  table: string,
  path: string,
): Promise<FileFigures & { rows: number }> {
  let rows = 0;
  const lines = async function* (): AsyncGenerator<Buffer> {
    await manager.query(
      `DECLARE dump NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS line FROM ${quoted(table)} AS t`,
    );
    for (;;) {
      const fetched = await manager.query<{ line: string }[]>(`FETCH ${FETCHED_ROWS} FROM dump`);
      if (fetched.length === 0) break;
      rows += fetched.length;
      yield Buffer.from(fetched.map(({ line }) => `${line}\n`).join(''));
    }
    await manager.query('CLOSE dump');
  };
  return { ...(await writeHashed(path, lines(), createGzip())), rows };
}

/** Puts the rows of such a file into an empty table. @returns how many */
export async function loadTable(manager: EntityManager, table: string, path: string): Promise<number> {
  const name = quoted(table);
  let rows = 0;
  let lines: string[] = [];
  let characters = 0;
  const insert = async (): Promise<void> => {
    if (lines.length === 0) return;
    await manager.query(
      `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${name}, $1::json)`,
      [`[${lines.join(',')}]`],
    );
    rows += lines.length;
    lines = [];
    characters = 0;
  };
  const input = createReadStream(path).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    lines.push(line);
    characters += line.length;
    if (characters > INSERTED_CHARACTERS) await insert();
  }
  await insert();
  return rows;
}

/** Tables that have rows. */
export async function filledTables(manager: EntityManager, tables: readonly string[]): Promise<string[]> {
  const filled: string[] = [];
  for (const table of tables) {
    const rows = await manager.query<unknown[]>(`SELECT 1 FROM ${quoted(table)} LIMIT 1`);
    if (rows.length > 0) filled.push(table);
  }
  return filled;
}
