import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Problem } from '@app/problems';
import { runInThread } from '../csv/file/run-in-thread.js';
import type { PlannedFrame } from '../csv/scan/frame-plan.js';
import { isSimple } from '../csv/scan/scan-file.js';
import { physicalName, quoteLiteral } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import { countValues } from '../types/count-values.js';
import type { StagedTable } from '../types/staged-table.js';
import type { PreparedSource } from './prepare-source.js';

/** The texts of a file in DuckDB, with how its records became rows. */
export interface StagedFile extends StagedTable {
  /** Records that their form rejects. */
  rejected: number;
  frames: PlannedFrame[];
  /** True where csv-parse read every record. */
  parseAll: boolean;
  drop: () => Promise<void>;
}

/** Above this a file is read by one thread, and its table has small blocks: a column takes at least one. */
const MANY_COLUMNS = 200;
const SMALL_BLOCK_BYTES = 16_384;
/** Lines that buffers have room for at least. */
const LINE_BYTES = 4_194_304;
const WIDE_LINE_BYTES = 524_288;
const BUFFERED_LINES = 4;
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
  const { table, drop } = await newTable(connection, directory, prepared.names.length > MANY_COLUMNS);
  try {
    const { names } = prepared;
    const loaded =
      (await loadSimple(connection, table, prepared, directory)) ??
      (await loadNormalised(connection, table, prepared, { directory, signal, parseAll: false })) ??
      (await loadNormalised(connection, table, prepared, { directory, signal, parseAll: true }));
    if (loaded !== undefined) return await withCounted({ connection, table, names, drop, ...loaded });
    throw new Problem(
      'unprocessable',
      'The file reads differently each time; its quotes are probably damaged.',
    );
  } catch (error) {
    await drop();
    throw error;
  }
}

async function withCounted(staged: StagedFile): Promise<StagedFile> {
  const { counted, drop } = await countValues(staged);
  return {
    ...staged,
    counted,
    drop: async () => {
      await drop();
      await staged.drop();
    },
  };
}

export type Loaded = Pick<StagedFile, 'rows' | 'rejected' | 'frames' | 'parseAll'>;

/** The name of a table to come, in memory or, for wide ones, in a database of its own. */
async function newTable(
  connection: DuckDBConnection,
  directory: string,
  wide: boolean,
): Promise<{ table: string; drop: () => Promise<void> }> {
  const name = uniqueName('staged_');
  const drop = async (statement: string): Promise<void> => {
    await connection.run(statement);
  };
  if (!wide) return { table: name, drop: () => drop(`DROP TABLE IF EXISTS ${name}`) };
  const path = quoteLiteral(join(directory, 'staged.duckdb'));
  await connection.run(`ATTACH ${path} AS ${name} (BLOCK_SIZE ${SMALL_BLOCK_BYTES})`);
  return { table: `${name}.staged`, drop: () => drop(`DETACH ${name}`) };
}

/** The file itself; undefined where the scan does not call it simple, or DuckDB disagrees. */
export async function loadSimple(
  connection: DuckDBConnection,
  table: string,
  prepared: PreparedSource,
  directory: string,
): Promise<Loaded | undefined> {
  const { scan, source } = prepared;
  if (!isSimple(scan)) return undefined;
  const path = await linkInto(directory, source.path);
  const ends = scan.lineEnds.lf > 0 ? 'lf' : scan.lineEnds.crlf > 0 ? 'crlf' : 'cr';
  const rows = await load(connection, table, { path, prepared, header: source.header, ends });
  return rows === scan.records ? { rows, rejected: 0, frames: scan.frames, parseAll: false } : undefined;
}

/** A copy of the records that load; undefined where nothing else was to be expected, or DuckDB disagrees. */
export async function loadNormalised(
  connection: DuckDBConnection,
  table: string,
  prepared: PreparedSource,
  { directory, signal, parseAll }: { directory: string; signal: AbortSignal | undefined; parseAll: boolean },
): Promise<Loaded | undefined> {
  const { scan, checkUtf8, source } = prepared;
  signal?.throwIfAborted();
  if (isSimple(scan) && !parseAll) return undefined;
  const target = join(directory, `normalised-${Number(parseAll)}.csv`);
  const { records, rejected, frames } = await runInThread<'normalise'>(
    { kind: 'normalise', source, options: { checkUtf8, parseAll, target } },
    { sizeBytes: source.sizeBytes, signal },
  );
  if (records !== scan.records) return undefined;
  if (records === rejected) throw nothingAccepted(records);
  const rows = await load(connection, table, { path: target, prepared, header: false, ends: 'lf' });
  return rows === records - rejected ? { rows, rejected, frames, parseAll } : undefined;
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
  const { names, source, scan } = file.prepared;
  const columns = names.map((_, index) => `'${physicalName(index)}': 'VARCHAR'`).join(', ');
  const wide = names.length > MANY_COLUMNS;
  // Longer records were rejected before. A quoted copy of one may be twice as long, and the line end counts.
  const longestRecord = Math.min(scan.longestRecord, source.limits.maxRecordBytes);
  const longest = Math.max(wide ? WIDE_LINE_BYTES : LINE_BYTES, 2 * longestRecord + 2);
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
    `max_line_size=${longest}`,
    `buffer_size=${BUFFERED_LINES * longest}`,
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
