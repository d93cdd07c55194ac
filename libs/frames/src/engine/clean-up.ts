import type { DuckDBConnection } from '@duckdb/node-api';
import { isFailure } from './is-failure.js';

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
    if (!isFailure(error, 'TransactionContext Error: cannot rollback')) throw error;
  }
}

/** Again where an interrupt ends it: that was meant for what ran before. */
async function runThrough(connection: DuckDBConnection, sql: string): Promise<void> {
  for (;;) {
    try {
      await connection.run(sql);
      return;
    } catch (error) {
      if (!isFailure(error, 'INTERRUPT Error')) throw error;
    }
  }
}
