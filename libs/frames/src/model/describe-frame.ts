import type { DuckDBConnection } from '@duckdb/node-api';
import type { StorageType } from '../columns/column.js';
import { assertPlainPath, quoteLiteral, readParquet } from '../engine/sql.js';
import {
  type ColumnExtremes,
  type Extreme,
  extremesOf,
  mergeExtremes,
  type StoredColumn,
} from './column-extremes.js';

const SECONDS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/**
 * Rows, and nulls and extremes of every column, of a Parquet file: as its directory has them, and by reading where that does
 * not say them exactly (long texts, numbers that are none).
 * @param columns all of the file but its first, `n`
 */
export async function describeFrame(
  connection: DuckDBConnection,
  path: string,
  columns: readonly StoredColumn[],
): Promise<{ rows: number; columns: ColumnExtremes[] }> {
  const reader = await connection.runAndReadAll(
    `SELECT column_id::INTEGER, num_values::INTEGER, stats_null_count::INTEGER,
            stats_min_value, stats_max_value, coalesce(min_is_exact AND max_is_exact, false)
       FROM parquet_metadata(${quoteLiteral(assertPlainPath(path))}) ORDER BY row_group_id, column_id`,
  );
  let rows = 0;
  const told: (ColumnExtremes | undefined)[] = columns.map(() => ({ nulls: 0, min: null, max: null }));
  for (const [id, values, nulls, min, max, isExact] of reader.getRows()) {
    const index = Number(id) - 1;
    if (index < 0) rows += Number(values);
    const { storage } = columns[index] ?? {};
    const known = told[index];
    if (storage === undefined || known === undefined) continue;
    const isEmpty = nulls === values;
    const [least, most] = isEmpty
      ? [null, null]
      : [min, max].map((text) => extremeOf(storage, text as string | null));
    const isTold = isEmpty || (nulls !== null && isExact === true && least !== null && most !== null);
    told[index] = isTold
      ? mergeExtremes(known, { nulls: Number(nulls), min: least ?? null, max: most ?? null })
      : undefined;
  }
  const untold = columns.filter((_, index) => told[index] === undefined);
  const read = untold.length === 0 ? [] : (await extremesOf(connection, readParquet([path]), untold)).columns;
  return { rows, columns: told.map((known) => known ?? (read.shift() as ColumnExtremes)) };
}

/** The text of a directory as {@link ColumnExtremes} have the value; null where that cannot be made of it. */
function extremeOf(storage: StorageType, text: string | null): Extreme {
  if (text === null) return null;
  if (storage === 'BIGINT' || storage === 'DECIMAL(38,0)') return BigInt(text);
  if (storage === 'DOUBLE' || storage.startsWith('DECIMAL')) return Number(text);
  if (storage !== 'TIMESTAMP') return text;
  return SECONDS.exec(text)?.[0].replace(' ', 'T') ?? null;
}
