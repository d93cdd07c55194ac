import { join } from 'node:path';
import { Problem } from '@app/problems';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { runInThread } from '../csv/file/run-in-thread.js';
import type { PlannedFrame } from '../csv/scan/frame-plan.js';
import { isSimple, lineEndsOf } from '../csv/scan/scan-file.js';
import { linkInto } from '../engine/link-into.js';
import type { StagedTable } from '../types/staged-table.js';
import { fillTexts, lineBytes, type PlainTexts } from './fill-texts.js';
import type { LoadAhead } from './load-ahead.js';
import type { PreparedSource } from './prepare-source.js';
import { TextsTable } from './texts-table.js';

/** Two questions at a time to larger tables, or to wide ones, take more memory than there may be. */
const ROWS_FOR_TWO = 2_000_000;

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

/**
 * Loads all records into a table of texts: directly where the scan calls the file simple, else from a copy
 * without the rejected records, in which csv-parse has read those with unusual quotes. Where DuckDB
 * disagrees with the scan, csv-parse reads every record.
 */
export async function stageTable(
  { connection, second }: Pick<StagedTable, 'connection' | 'second'>,
  prepared: PreparedSource,
  directory: string,
  { signal, ahead }: { signal?: AbortSignal | undefined; ahead?: LoadAhead } = {},
): Promise<StagedFile> {
  const { names } = prepared;
  const texts = ahead?.texts ?? new TextsTable(connection, directory, names.length);
  try {
    const loaded =
      (await ahead?.take(prepared)) ??
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
    const isSmall = names.length <= MANY_COLUMNS && loaded.rows <= ROWS_FOR_TWO;
    const beside = isSmall ? second : undefined;
    return { connection, second: beside, table: texts.table, names, remove, drop, ...loaded };
  } catch (error) {
    await texts.drop();
    throw error;
  }
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
  const rows = await fillTexts(texts, {
    ...plain(prepared),
    path,
    header: source.header,
    ends: lineEndsOf(scan),
  });
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
  const rows = await fillTexts(texts, { ...plain(prepared), path: target, header: false, ends: 'lf' });
  return rows === records - rejected ? { rows, rejected, frames, parseAll } : undefined;
}

const nothingAccepted = (records: number): Problem =>
  new Problem(
    'unprocessable',
    `None of the ${records} records can be read: all differ in form from the header.`,
  );

/** Longer records than are allowed were rejected before. */
const plain = ({
  scan,
  source: { delimiter, columns, limits },
}: PreparedSource): Pick<PlainTexts, 'delimiter' | 'columns' | 'longestLine'> => ({
  delimiter,
  columns,
  longestLine: lineBytes(columns, Math.min(scan.longestRecord, limits.maxRecordBytes)),
});
