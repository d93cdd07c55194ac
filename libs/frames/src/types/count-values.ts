import { MANY_COLUMNS } from '../columns/many-columns.js';
import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { StagedTable } from './staged-table.js';

/** Rows `[0, 4096)` of each 65,536 are looked at, in large tables of parts that lie further apart. */
const SAMPLE = { every: 65_536, rows: 4096, parts: 32 };
const WORTH_IT = {
  /** Fewer rows are looked at faster than counted. */
  from: 20_000,
  /** Columns with at least this many rows a value. */
  timesAValue: 4,
};

/**
 * Counts the values of the columns in which they occur often, as most do: tests of a few thousand values then take the
 * place of tests of every row.
 * @returns tables `c<index>`, `times`, `first` by column index, for {@link StagedTable.counted}, and what drops them
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
    for (const index of await repetitiveColumns({ connection, table, rows, names }, timesAValue)) {
      const column = physicalName(index);
      const values = uniqueName('values_');
      counted.set(index, values);
      await connection.run(
        `CREATE TABLE ${values} AS SELECT ${column}, count(*) AS times, min(r) AS first FROM ${table} GROUP BY ${column}`,
      );
    }
    return { counted, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

async function repetitiveColumns(
  { connection, table, rows, names }: StagedTable,
  timesAValue: number,
): Promise<number[]> {
  const distinct = names.map((_, index) => `approx_count_distinct(${physicalName(index)})`);
  const every = Math.max(SAMPLE.every, Math.ceil(rows / SAMPLE.parts));
  // Ranges are found at once; any other condition on `r` is asked of every row, with all its texts.
  const parts = Array.from(
    { length: Math.ceil(rows / every) },
    (_, part) =>
      `SELECT * FROM ${table} WHERE r BETWEEN ${part * every} AND ${part * every + SAMPLE.rows - 1}`,
  );
  const reader = await connection.runAndReadAll(
    `SELECT count(*), ${distinct.join(', ')} FROM (${parts.join(' UNION ALL ')})`,
  );
  const [sampled, ...found] = (reader.getRows()[0] ?? []).map(Number);
  return found.flatMap((values, index) => (values * timesAValue <= (sampled ?? 0) ? [index] : []));
}
