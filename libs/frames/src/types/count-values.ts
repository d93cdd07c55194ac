import type { DuckDBConnection } from '@duckdb/node-api';
import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { StagedTable } from './staged-table.js';

/** Wide tables have other worries: a table a column would be the next. */
const MANY_COLUMNS = 200;
/** Rows `[0, 4096)` of each 65,536 are looked at. */
const SAMPLE = { every: 65_536, rows: 4096 };
const WORTH_IT = {
  /** Fewer rows are looked at faster than counted. */
  from: 20_000,
  /** Columns with at least this many rows a value. */
  timesAValue: 4,
};

/**
 * Counts the values of the columns in which they occur often, as most do: tests of a few thousand values then take the
 * place of tests of every row.
 * @returns tables `c<index>`, `times` by column index, for {@link StagedTable.counted}, and what drops them
 */
export async function countValues(
  { connection, table, rows, names }: StagedTable,
  { from, timesAValue } = WORTH_IT,
): Promise<{ counted: Map<number, string>; drop: () => Promise<void> }> {
  const counted = new Map<number, string>();
  const drop = async (): Promise<void> => {
    for (const values of counted.values()) await connection.run(`DROP TABLE IF EXISTS ${values}`);
  };
  if (rows < from || names.length > MANY_COLUMNS) return { counted, drop };
  try {
    for (const index of await repetitiveColumns(connection, table, names.length, timesAValue)) {
      const column = physicalName(index);
      const values = uniqueName('values_');
      counted.set(index, values);
      await connection.run(
        `CREATE TABLE ${values} AS SELECT ${column}, count(*) AS times FROM ${table} GROUP BY ${column}`,
      );
    }
    return { counted, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

async function repetitiveColumns(
  connection: DuckDBConnection,
  table: string,
  columns: number,
  timesAValue: number,
): Promise<number[]> {
  const distinct = Array.from(
    { length: columns },
    (_, index) => `approx_count_distinct(${physicalName(index)})`,
  );
  const reader = await connection.runAndReadAll(
    `SELECT count(*), ${distinct.join(', ')} FROM ${table} WHERE r % ${SAMPLE.every} < ${SAMPLE.rows}`,
  );
  const [sampled, ...found] = (reader.getRows()[0] ?? []).map(Number);
  return found.flatMap((values, index) => (values * timesAValue <= (sampled ?? 0) ? [index] : []));
}
