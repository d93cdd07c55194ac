import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Problem } from '@app/problems';
import { runInThread } from '../csv/file/run-in-thread.js';
import type { PlannedFrame } from '../csv/scan/frame-plan.js';
import { isSimple } from '../csv/scan/scan-file.js';
import { linkInto } from '../engine/link-into.js';
import { physicalName, quoteLiteral } from '../engine/sql.js';
import { countValues } from '../types/count-values.js';
import type { StagedTable } from '../types/staged-table.js';
import type { PreparedSource } from './prepare-source.js';
import { TextsTable } from './texts-table.js';

/** The texts of a file in DuckDB, with how its records became rows. */
export interface StagedFile extends StagedTable {
  /** Records that their form rejects. */
  rejected: number;
  frames: PlannedFrame[];
  /** True where csv-parse read every record. */
  parseAll: boolean;
  /** Takes rows out: `rows` selects their `r`. The others keep theirs. */
  remove: (rows: string) => Promise<void>;
  drop: () => Promise<void>;
}

/** Above this a file is read by one thread, with small buffers. */
export const MANY_COLUMNS = 200;
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
  const { names } = prepared;
  const texts = new TextsTable(connection, directory, names.length > MANY_COLUMNS);
  try {
    const loaded =
      (await loadSimple(texts, prepared, directory)) ??
      (await loadNormalised(texts, prepared, { directory, signal, parseAll: false })) ??
      (await loadNormalised(texts, prepared, { directory, signal, parseAll: true }));
    if (loaded === undefined) {
      throw new Problem(
        'unprocessable',
        'The file reads differently each time; its quotes are probably damaged.',
      );
    }
    const remove = (rows: string): Promise<void> => texts.remove(rows);
    const drop = (): Promise<void> => texts.drop();
    return await withCounted({ connection, table: texts.table, names, remove, drop, ...loaded });
  } catch (error) {
    await texts.drop();
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

/** The file itself; undefined where the scan does not call it simple, or DuckDB disagrees. */
export async function loadSimple(
  texts: TextsTable,
  prepared: PreparedSource,
  directory: string,
): Promise<Loaded | undefined> {
  const { scan, source } = prepared;
  if (!isSimple(scan)) return undefined;
  const path = await linkInto(join(directory, 'input.csv'), source.path);
  const ends = scan.lineEnds.lf > 0 ? 'lf' : scan.lineEnds.crlf > 0 ? 'crlf' : 'cr';
  const rows = await load(texts, { path, prepared, header: source.header, ends });
  return rows === scan.records ? { rows, rejected: 0, frames: scan.frames, parseAll: false } : undefined;
}

/** A copy of the records that load; undefined where nothing else was to be expected, or DuckDB disagrees. */
export async function loadNormalised(
  texts: TextsTable,
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
  const rows = await load(texts, { path: target, prepared, header: false, ends: 'lf' });
  return rows === records - rejected ? { rows, rejected, frames, parseAll } : undefined;
}

const nothingAccepted = (records: number): Problem =>
  new Problem(
    'unprocessable',
    `None of the ${records} records can be read: all differ in form from the header.`,
  );

/** @returns rows loaded; undefined where DuckDB refuses the file */
async function load(
  texts: TextsTable,
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
    return await texts.fill(`SELECT * FROM read_csv(${quoteLiteral(file.path)}, ${options.join(', ')})`);
  } catch (error) {
    if (error instanceof Error && /^Invalid Input Error|^Conversion Error/.test(error.message))
      return undefined;
    throw error;
  }
}
