import type { DuckDBConnection } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { dropTables } from '../engine/clean-up.js';
import type { DuckEngine } from '../engine/duck-engine.js';
import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { StagedTable } from '../types/staged-table.js';

/**
 * Finds rows that occur more than once, by 128 bits made of two hashes over the columns in opposite order: memory is
 * bounded by the number of rows, not by their width. This begins at once, beside what is asked of single columns; wide
 * tables are given all the memory there is for one thing at a time.
 */
export class RepeatedRows {
  private readonly table = uniqueName('repeated_');
  private finding: Promise<void> | undefined;

  constructor(
    private readonly engine: DuckEngine,
    private readonly staged: StagedTable,
    private readonly signal: AbortSignal | undefined,
  ) {
    if (staged.names.length > MANY_COLUMNS) return;
    this.finding = this.find();
    // Whoever asks hears of a failure.
    this.finding.catch(() => undefined);
  }

  /**
   * Equal rows, those included that were taken out of the table since this began.
   * @returns the name of a table `r`, `first`, `last`: row, and the first and last of those it equals
   */
  async found(): Promise<string> {
    await (this.finding ??= this.find());
    return this.table;
  }

  /** Waits for the end of what was begun. */
  async drop(): Promise<void> {
    await this.finding?.catch(() => undefined);
    await dropTables(this.staged.connection, this.table);
  }

  private find(): Promise<void> {
    return this.engine.connect((connection) => findRepeatedRows(connection, this.staged, this.table), {
      signal: this.signal,
    });
  }
}

async function findRepeatedRows(
  connection: DuckDBConnection,
  { table, names }: StagedTable,
  target: string,
): Promise<void> {
  const columns = names.map((_, index) => physicalName(index));
  const forwards = `hash(${columns.join(', ')}) AS h`;
  const backwards = `hash(${columns.toReversed().join(', ')}) AS g`;
  const both = `SELECT r, ${forwards}, ${backwards} FROM ${table}`;
  // The second hash is made of rows alone that share the first. Wide rows do not pass a join, which takes memory for each
  // column once more.
  const told =
    names.length > MANY_COLUMNS
      ? `told AS MATERIALIZED (${both})`
      : `hashed AS MATERIALIZED (SELECT r, ${forwards} FROM ${table}),
         shared AS (SELECT h FROM hashed GROUP BY h HAVING count(*) > 1),
         suspected AS MATERIALIZED (SELECT r FROM hashed SEMI JOIN shared USING (h)),
         told AS MATERIALIZED (${both} SEMI JOIN suspected USING (r))`;
  await connection.run(
    `CREATE TABLE ${target} AS
     WITH ${told},
          equal AS (SELECT h, g, min(r) AS first, max(r) AS last FROM told GROUP BY h, g HAVING count(*) > 1)
     SELECT r, first, last FROM told JOIN equal USING (h, g)`,
  );
}
