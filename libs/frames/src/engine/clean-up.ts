import type { DuckDBConnection } from '@duckdb/node-api';

/** Drops tables, where they are there. What is left behind would stay in memory as long as the process runs. */
export async function dropTables(connection: DuckDBConnection, ...names: readonly string[]): Promise<void> {
  for (const name of names) await runThrough(connection, `DROP TABLE IF EXISTS ${name}`);
}

/** Drops a view, where it is there. */
export function dropView(connection: DuckDBConnection, name: string): Promise<void> {
  return runThrough(connection, `DROP VIEW IF EXISTS ${name}`);
}

/** Ends a transaction, where one is open, as if it had not begun. */
export async function rollBack(connection: DuckDBConnection): Promise<void> {
  try {
    await runThrough(connection, 'ROLLBACK');
  } catch (error) {
    if (!messageOf(error).includes('no transaction is active')) throw error;
  }
}

/** Again where an interrupt ends it: that was meant for what ran before, or for all that follows but this. */
async function runThrough(connection: DuckDBConnection, sql: string): Promise<void> {
  for (;;) {
    try {
      await connection.run(sql);
      return;
    } catch (error) {
      if (!messageOf(error).startsWith('INTERRUPT Error')) throw error;
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
