/** What the dictionaries of all columns of a Parquet file may take together while it is written. */
const TOTAL_BYTES = 32 * 1024 * 1024;
/** DuckDB's own limit. */
const MOST_BYTES = 1024 * 1024;
const LEAST_BYTES = 4096;

/**
 * Option of `COPY … (FORMAT parquet)`: DuckDB 1.5.5 reserves all that the dictionary of a column of text may take, a
 * megabyte each where nothing is said, and so finds no memory for thousands of columns.
 */
export function dictionaryLimit(columns: number): string {
  const share = Math.floor(TOTAL_BYTES / Math.max(1, columns));
  return `STRING_DICTIONARY_PAGE_SIZE_LIMIT ${Math.max(LEAST_BYTES, Math.min(MOST_BYTES, share))}`;
}
