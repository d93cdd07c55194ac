import type { Column, StorageType } from '../columns/column.js';
import { quoteLiteral, readParquet } from '../engine/sql.js';
import type { HiddenRows } from './rows/hidden-rows.js';
import type { SourceColumn, VisibleUpload } from './visible-set.js';

/** A column of an upload as the dataset has it: cast where uploads differ, null where the upload lacks it. */
function select(column: Column, source: SourceColumn | undefined): string {
  if (source === undefined) return `CAST(NULL AS ${column.storage}) AS ${column.physical}`;
  return `${widened(source, column.storage)} AS ${column.physical}`;
}

function selectOf(column: Column, sources: ReadonlyMap<string, SourceColumn>): string {
  const { yearsFrom, physical } = column;
  if (yearsFrom === undefined) return select(column, sources.get(column.name));
  const source = sources.get(yearsFrom.column);
  if (source === undefined) return select(column, undefined);
  // Whole numbers are milliseconds since 1970, in UTC.
  const from = source.storage === 'BIGINT' ? `epoch_ms(${source.physical})` : source.physical;
  return `date_sub('year', CAST(${from} AS DATE), CAST(${quoteLiteral(yearsFrom.date)} AS DATE)) AS ${physical}`;
}

function widened({ physical, storage }: SourceColumn, target: StorageType): string {
  if (storage === target) return physical;
  if (target === 'VARCHAR' && storage === 'TIMESTAMP') return `strftime(${physical}, '%Y-%m-%dT%H:%M:%S')`;
  return `CAST(${physical} AS ${target})`;
}

/** An upload whose frames are local files. */
export interface LocatedUpload {
  upload: VisibleUpload;
  paths: readonly string[];
  /** Absent where readers see all of its rows. */
  hidden?: HiddenRows | undefined;
}

/** Uploads that one SELECT reads: nothing of them is hidden, and their files serve the columns in the same way. */
interface Branch {
  values: string;
  files: { path: string; ordinal: number }[];
  condition: string | undefined;
}

/**
 * SQL of the visible rows of some uploads, from their local frames: the columns asked for, `upload` (ordinal), `n`.
 * Only columns that a query names are read from the files.
 */
export function relationOf(columns: readonly Column[], parts: readonly LocatedUpload[]): string {
  const branches = branchesOf(columns, parts).map(
    ({ values, files, condition }) =>
      `SELECT ${ordinalOf(files)} AS upload, n, ${values} FROM ${readParquet(files.map(({ path }) => path))}${condition === undefined ? '' : ` WHERE ${condition}`}`,
  );
  if (branches.length === 0) {
    const values = columns.map((column) => select(column, undefined));
    return `(SELECT ${['0::INTEGER AS upload', '0::BIGINT AS n', ...values].join(', ')} WHERE false)`;
  }
  return `(${branches.join(' UNION ALL ')})`;
}

/** Hundreds of small uploads cost a question little where one SELECT reads the files of many. */
function branchesOf(columns: readonly Column[], parts: readonly LocatedUpload[]): Branch[] {
  const branches: Branch[] = [];
  for (const { upload, paths, hidden } of parts) {
    const sources = new Map(upload.columns.map((source) => [source.name, source]));
    const values = columns.map((column) => selectOf(column, sources)).join(', ');
    const files = paths.map((path) => ({ path, ordinal: upload.ordinal }));
    const last = branches.at(-1);
    if (last?.values === values && last.condition === undefined && hidden === undefined)
      last.files.push(...files);
    else branches.push({ values, files, condition: hidden?.condition });
  }
  return branches;
}

function ordinalOf(files: Branch['files']): string {
  const ordinals = files.map(({ ordinal }) => ordinal);
  if (new Set(ordinals).size === 1) return `${ordinals[0]}::INTEGER`;
  return `list_extract([${ordinals.join(', ')}]::INTEGER[], (file_index + 1)::INTEGER)`;
}
