import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { dropTables, dropView, rollBack } from './clean-up.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeEach(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});

/** Interrupts the first statements: they come when the one that they are meant for is over. */
function interrupted(times: number): DuckDBConnection {
  let left = times;
  const run = async (sql: string): Promise<unknown> => {
    if (left-- > 0) {
      const running = connection.run('SELECT count(*) FROM range(1e12::BIGINT) a WHERE hash(a.range) = 1');
      const interrupting = setInterval(() => connection.interrupt(), 1);
      await running.finally(() => clearInterval(interrupting));
    }
    return connection.run(sql);
  };
  return { run } as unknown as DuckDBConnection;
}

const names = async (of: string): Promise<string> => {
  const reader = await connection.runAndReadAll(`SELECT ${of}_name FROM duckdb_${of}s() WHERE NOT internal`);
  return reader.getRows().join();
};

describe('what is left is removed though interrupts come late', () => {
  it('tables and views', async () => {
    await connection.run('CREATE TABLE one AS SELECT 1 AS a; CREATE TABLE two (b INTEGER)');
    await connection.run('CREATE VIEW seen AS SELECT * FROM one');
    await dropView(interrupted(2), 'seen');
    await dropTables(interrupted(2), 'one', 'two', 'never_made');
    expect([await names('view'), await names('table')]).toEqual(['', '']);
  });

  it('transactions, also those that an interrupt has broken', async () => {
    await connection.run('BEGIN; CREATE TABLE one (a INTEGER)');
    await rollBack(interrupted(1));
    expect(await names('table')).toBe('');
  });

  it('transactions that may be over', () => expect(rollBack(connection)).resolves.toBeUndefined());
});

it('what else goes wrong is said', async () => {
  await expect(dropTables(connection, 'SELECT')).rejects.toThrow('Parser Error');
});
