import type { Column, StorageType } from '../columns/column.js';
import { readParquet } from '../engine/sql.js';
import type { HiddenRows } from './rows/hidden-rows.js';
import type { SourceColumn, VisibleUpload } from './visible-set.js';

/** A column of an upload as the dataset has it: cast where uploads differ, null where the upload lacks it. */
function select(column: Column, source: SourceColumn | undefined): string {
  if (source === undefined) return `CAST(NULL AS ${column.storage}) AS ${column.physical}`;
  return `${widened(source, column.storage)} AS ${column.physical}`;
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

/**
 * SQL of the visible rows of some uploads, from their local frames: the columns asked for, `upload` (ordinal), `n`.
 * Only columns that a query names are read from the files.
 */
export function relationOf(columns: readonly Column[], parts: readonly LocatedUpload[]): string {
  const selects = parts.map(({ upload, paths, hidden }) => {
    const sources = new Map(upload.columns.map((source) => [source.name, source]));
    const values = columns.map((column) => select(column, sources.get(column.name)));
    const visible = hidden === undefined ? '' : ` WHERE ${hidden.condition}`;
    return `SELECT ${[`${upload.ordinal}::INTEGER AS upload`, 'n', ...values].join(', ')} FROM ${readParquet(paths)}${visible}`;
  });
  if (selects.length === 0) {
    const values = columns.map((column) => select(column, undefined));
    return `(SELECT ${['0::INTEGER AS upload', '0::BIGINT AS n', ...values].join(', ')} WHERE false)`;
  }
  return `(${selects.join(' UNION ALL ')})`;
}
