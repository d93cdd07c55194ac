/**
 * Tables of more columns are wide: DuckDB buffers every column of what it reads and writes, so that everything about them
 * takes its turn, with small buffers, and nothing is done for each column that need not be.
 */
export const MANY_COLUMNS = 200;
