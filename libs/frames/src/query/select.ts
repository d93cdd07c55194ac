import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** Runs exactly one statement: a prepared one cannot hold two. */
export async function select(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<DuckDBValue[][]> {
  const statement = await connection.prepare(sql);
  try {
    statement.bind(values);
    return (await statement.runAndReadAll()).getRows();
  } finally {
    statement.destroySync();
  }
}
