import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Problem } from '@app/problems';
import { runInThread } from '../csv/file/run-in-thread.js';
import type { PlannedFrame } from '../csv/scan/frame-plan.js';
import { isSimple } from '../csv/scan/scan-file.js';
import { physicalName, quoteLiteral } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import type { StagedTable } from '../types/staged-table.js';
import type { PreparedSource } from './prepare-source.js';

/** The texts of a file in DuckDB, with how its records became rows. */
export interface StagedFile extends StagedTable {
  /** Records that their form rejects. */
  rejected: number;
  frames: PlannedFrame[];
  /** True where csv-parse read every record. */
  parseAll: boolean;
}

/** Above this a file is read with small buffers and by one thread: they are taken once a column. */
const MANY_COLUMNS = 200;
const LINE_ENDS = { lf: String.raw`\n`, crlf: String.raw`\r\n`, cr: String.raw`\r` };

/**
 * Loads all records into a table of texts: directly where the scan calls the file simple, else from a copy
 * without the rejected records, in which csv-parse has read those with unusual quotes. Where DuckDB
 * disagrees with the scan, csv-parse reads every record.
 */
export async function stageTable(
  connection: DuckDBConnection,
  prepared: PreparedSource,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<StagedFile> {
  const table = uniqueName('staged_');
  const { names, scan } = prepared;
  if (isSimple(scan)) {
    const path = await linkInto(directory, prepared.source.path);
    const ends = scan.lineEnds.lf > 0 ? 'lf' : scan.lineEnds.crlf > 0 ? 'crlf' : 'cr';
    const rows = await load(connection, table, { path, prepared, header: prepared.source.header, ends });
    if (rows === scan.records) {
      return { connection, table, rows, names, rejected: 0, frames: scan.frames, parseAll: false };
    }
    signal?.throwIfAborted();
  }
  for (const parseAll of isSimple(scan) ? [true] : [false, true]) {
    const target = join(directory, `normalised-${Number(parseAll)}.csv`);
    const { checkUtf8, source } = prepared;
    const normalised = await runInThread<'normalise'>(
      { kind: 'normalise', source, options: { checkUtf8, parseAll, target } },
      { sizeBytes: source.sizeBytes, signal },
    );
    const accepted = normalised.records - normalised.rejected;
    if (normalised.records !== scan.records) break;
    if (accepted === 0) throw nothingAccepted(normalised.records);
    const rows = await load(connection, table, { path: target, prepared, header: false, ends: 'lf' });
    if (rows === accepted) {
      const { rejected, frames } = normalised;
      return { connection, table, rows, names, rejected, frames, parseAll };
    }
    signal?.throwIfAborted();
  }
  throw new Problem(
    'unprocessable',
    'The file reads differently each time; its quotes are probably damaged.',
  );
}

const nothingAccepted = (records: number): Problem =>
  new Problem(
    'unprocessable',
    `None of the ${records} records can be read: all differ in form from the header.`,
  );

/** DuckDB reads only its own directories; the upload stays where it is. */
async function linkInto(directory: string, path: string): Promise<string> {
  const target = join(directory, 'input.csv');
  await link(path, target).catch(() => copyFile(path, target));
  return target;
}

/** @returns rows loaded; undefined where DuckDB refuses the file */
async function load(
  connection: DuckDBConnection,
  table: string,
  file: { path: string; prepared: PreparedSource; header: boolean; ends: keyof typeof LINE_ENDS },
): Promise<number | undefined> {
  const { names, source } = file.prepared;
  const columns = names.map((_, index) => `'${physicalName(index)}': 'VARCHAR'`).join(', ');
  const wide = names.length > MANY_COLUMNS;
  const options = [
    'auto_detect=false',
    `header=${file.header}`,
    `columns={${columns}}`,
    `delim=${quoteLiteral(source.delimiter)}`,
    `quote='"'`,
    `escape='"'`,
    `new_line='${LINE_ENDS[file.ends]}'`,
    `encoding='utf-8'`,
    // DuckDB 1.5.5 finds no rows where strict_mode is given along with CRLF; true is its default.
    ...(file.ends === 'crlf' ? [] : ['strict_mode=true']),
    'null_padding=false',
    // "" and nothing are both null, as in every other way of reading.
    'allow_quoted_nulls=true',
    'max_line_size=4194304',
    `buffer_size=${wide ? 8_388_608 : 16_777_216}`,
    `parallel=${!wide}`,
    'hive_partitioning=false',
    // The scan expects no rejects here: any that DuckDB finds is an error.
    'store_rejects=false',
  ];
  try {
    await connection.run(
      `CREATE OR REPLACE TABLE ${table} AS
       SELECT row_number() OVER () - 1 AS r, * FROM read_csv(${quoteLiteral(file.path)}, ${options.join(', ')})`,
    );
  } catch (error) {
    if (error instanceof Error && /^Invalid Input Error|^Conversion Error/.test(error.message))
      return undefined;
    throw error;
  }
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
  return Number(reader.getRows()[0]?.[0]);
}
