/** What a column holds, narrowest first; `text` fits everything. */
export const COLUMN_TYPES = ['integer', 'decimal', 'boolean', 'date', 'timestamp', 'text'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** The name of a column inside frames and in SQL. Header text never is an identifier. */
export type PhysicalName = `c${number}`;

/** The SQL type a column has in its frames. Decimals are exact where 38 digits hold them, else DOUBLE. */
export type StorageType =
  'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'DATE' | 'TIMESTAMP' | 'VARCHAR' | `DECIMAL(${number},${number})`;

/** A value as JSON shows it: integers beyond ±(2^53−1) as strings, dates and timestamps as ISO 8601 text. */
export type JsonValue = string | number | boolean | null;

/** One column of a table: of an upload, of a dataset, or of a report's members. */
export interface Column {
  /** Unique within its table. The header's text, `columnN` where that is empty, ` (2)`… added to repetitions. */
  name: string;
  /** The header's text as it stands in the file. */
  header: string;
  physical: PhysicalName;
  type: ColumnType;
  storage: StorageType;
  nulls: number;
  /** Smallest value; texts are cut to 64 bytes. Null where every value is null. */
  min: string | number | null;
  max: string | number | null;
  /** Why this type: one sentence for people. */
  evidence?: string;
  /** Of a column that is in no frame: whole years from the date in another column to a date, computed by each question. */
  yearsFrom?: { column: string; date: string };
}

export type DecimalMark = '.' | ',';
/** Order of day, month and year in `1/2/2003`. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

/** What a person demands of one column. */
export interface ColumnDemand {
  type?: ColumnType | undefined;
  decimal?: DecimalMark | undefined;
  dateOrder?: DateOrder | undefined;
}

/** The mapping of a dataset as the HTTP contract has it: roles and demands by column name. */
export interface Mapping {
  roles: Record<string, string>;
  columns: Record<string, ColumnDemand>;
}
