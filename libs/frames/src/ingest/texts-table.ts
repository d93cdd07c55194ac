import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { dropTables, dropView } from '../engine/clean-up.js';
import { assertPlainPath, physicalName, quoteLiteral } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';

/** Rows of a wide table that are in memory before they go to disk. */
const WIDE_GROUP = 2048;
/** The least there is: for what is read a few times room in memory is worth more. */
const NO_DICTIONARIES = 'STRING_DICTIONARY_PAGE_SIZE_LIMIT 1024';

/**
 * The texts of a file, in its order, less the rows that were taken out again. Tables of many columns stand in a file of
 * small parts, of which a question reads the columns it asks for; in memory they would take a block a column.
 */
export class TextsTable {
  /** A view of `r`, the number of the row, and `c0…cN`. */
  readonly table = uniqueName('staged_');
  private readonly base = `${this.table}_base`;
  private readonly removed = `${this.table}_removed`;
  private readonly file: string;
  private readonly wide: boolean;

  constructor(
    private readonly connection: DuckDBConnection,
    directory: string,
    private readonly columns: number,
  ) {
    this.wide = columns > MANY_COLUMNS;
    this.file = join(directory, `${this.base}.parquet`);
  }

  /**
   * Takes the rows of a select, in its order, in place of any it has. Of many columns it must run in one thread.
   * @returns how many
   */
  async fill(select: string): Promise<number> {
    await (this.wide ? this.fillFile(select) : this.fillMemory(select));
    return this.count();
  }

  /** Makes the table without rows, of few columns; {@link append} gives it some. */
  async create(): Promise<void> {
    const columns = Array.from({ length: this.columns }, (_, index) => `${physicalName(index)} VARCHAR`);
    await this.run(`CREATE TABLE ${this.base} (${columns.join(', ')})`);
    await this.show();
  }

  /** Adds the rows of a select, in its order: those of several connections in the order in which they commit. */
  async append(connection: DuckDBConnection, select: string): Promise<void> {
    await connection.run(`INSERT INTO ${this.base} ${select}`);
  }

  /** Rows that were not taken out. */
  async count(): Promise<number> {
    const reader = await this.connection.runAndReadAll(`SELECT count(*) FROM ${this.table}`);
    return Number(reader.getRows()[0]?.[0]);
  }

  /** Takes rows out: `rows` selects their `r`. They are not deleted, so that all others keep their number. */
  async remove(rows: string): Promise<void> {
    await this.run(`CREATE TABLE IF NOT EXISTS ${this.removed} (r BIGINT)`);
    await this.run(`INSERT INTO ${this.removed} ${rows}`);
    await this.show(`ANTI JOIN ${this.removed} USING (r)`);
  }

  async drop(): Promise<void> {
    await dropView(this.connection, this.table);
    await dropTables(this.connection, this.removed, this.base);
  }

  private async fillMemory(select: string): Promise<void> {
    await this.run(`CREATE OR REPLACE TABLE ${this.base} AS ${select}`);
    await this.show();
  }

  /**
   * The one thread of the engine for ingests keeps the order by itself. Made to keep it, DuckDB 1.5.5 gathers rows
   * beside those it writes, which takes half as much memory again.
   */
  private async fillFile(select: string): Promise<void> {
    await this.run(
      `COPY (${select}) TO ${quoteLiteral(this.file)}
         (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE ${WIDE_GROUP}, PRESERVE_ORDER false, ${NO_DICTIONARIES})`,
    );
    await this.show();
  }

  private async show(without = ''): Promise<void> {
    const rows = this.wide
      ? `(SELECT file_row_number AS r, * EXCLUDE (file_row_number)
            FROM read_parquet(${quoteLiteral(assertPlainPath(this.file))}, file_row_number=true, hive_partitioning=false))`
      : `(SELECT rowid AS r, * FROM ${this.base})`;
    await this.run(`CREATE OR REPLACE VIEW ${this.table} AS SELECT * FROM ${rows} ${without}`);
  }

  private async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }
}
