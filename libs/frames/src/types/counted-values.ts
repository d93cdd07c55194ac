import { MANY_COLUMNS } from '../columns/many-columns.js';
import { dropTables } from '../engine/clean-up.js';
import { inLanes } from '../engine/in-lanes.js';
import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import { connectionsOf, rowsIn, type StagedTable } from './staged-table.js';

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
 */
export class CountedValues {
  private readonly tables = new Map<number, string>();

  constructor(
    private readonly staged: StagedTable,
    private readonly worthIt = WORTH_IT,
  ) {}

  /** @returns tables `c<index>`, `times`, `first` by column index, for {@link StagedTable.counted}; {@link drop} must follow */
  async count(): Promise<ReadonlyMap<number, string>> {
    const { table, rows, names } = this.staged;
    const { from, timesAValue } = this.worthIt;
    if (rows < from || names.length > MANY_COLUMNS) return this.tables;
    for (const index of await repetitiveColumns(this.staged, timesAValue)) {
      this.tables.set(index, uniqueName('values_'));
    }
    await inLanes(connectionsOf(this.staged), [...this.tables], async (connection, [index, values]) => {
      const column = physicalName(index);
      await connection.run(
        `CREATE TABLE ${values} AS SELECT ${column}, count(*) AS times, min(r) AS first FROM ${table} GROUP BY ${column}`,
      );
    });
    return this.tables;
  }

  async drop(): Promise<void> {
    await dropTables(this.staged.connection, ...this.tables.values());
  }
}

async function repetitiveColumns(staged: StagedTable, timesAValue: number): Promise<number[]> {
  const { connection, rows, names } = staged;
  const distinct = names.map((_, index) => `approx_count_distinct(${physicalName(index)})`);
  const every = Math.max(SAMPLE.every, Math.ceil(rows / SAMPLE.parts));
  const parts = Array.from({ length: Math.ceil(rows / every) }, (_, part): [number, number] => [
    part * every,
    part * every + SAMPLE.rows - 1,
  ]);
  const reader = await connection.runAndReadAll(
    `SELECT count(*), ${distinct.join(', ')} FROM ${rowsIn(staged, parts)}`,
  );
  const [sampled, ...found] = (reader.getRows()[0] ?? []).map(Number);
  return found.flatMap((values, index) => (values * timesAValue <= (sampled ?? 0) ? [index] : []));
}
