import type { PhysicalName } from '../columns/column.js';

/** Text as SQL literal; for paths and options, which DuckDB cannot bind. Values are bound. */
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Text as SQL identifier. Columns need none: they are named by {@link physicalName}. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const physicalName = (index: number): PhysicalName => `c${index}`;

// Globs would read other files, `=` would add hive columns: neither may stand in a path that DuckDB gets.
const FOREIGN_IN_PATH = /[*?[\]=]/;

/** @throws Error where DuckDB would read something else than this one path */
export function assertPlainPath(path: string): string {
  if (FOREIGN_IN_PATH.test(path)) {
    throw new Error(`The data directory must not contain any of * ? [ ] = in its path: ${path}`);
  }
  return path;
}

/** `read_parquet(…)` over exactly these files. */
export function readParquet(paths: readonly string[]): string {
  const list = paths.map((path) => quoteLiteral(assertPlainPath(path))).join(', ');
  return `read_parquet([${list}], hive_partitioning=false)`;
}
