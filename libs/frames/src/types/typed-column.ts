import type { ColumnType, DateOrder, DecimalMark, PhysicalName, StorageType } from '../columns/column.js';

/** What is demanded of, or said about, one column before its values are looked at. */
export interface ColumnDirective {
  /** Values that do not fit it are rejected as `bad_cast`; undefined where the values decide. */
  kind?: ColumnType | 'numeric' | 'temporal' | undefined;
  decimal?: DecimalMark | undefined;
  dateOrder?: DateOrder | undefined;
}

/** Something about a whole column that a person should know. */
export interface ColumnNote {
  type: 'mixed_types' | 'ambiguous_dates' | 'compact_dates';
  message: string;
  /** SQL condition of the values concerned, over the staged table. */
  concerns: string;
}

/** The decision on one column: its type and how a text becomes a value. */
export interface TypedColumn {
  index: number;
  physical: PhysicalName;
  name: string;
  type: ColumnType;
  storage: StorageType;
  /** SQL over the staged table; NULL where the text does not fit. */
  expression: string;
  /** Filled values that do not fit. Not zero only where a type is demanded. */
  misfits: number;
  evidence: string;
  notes: ColumnNote[];
}

/** A type decision before it is bound to its column. */
export type TypeDecision = Pick<TypedColumn, 'type' | 'storage' | 'expression' | 'evidence'> & {
  notes?: ColumnNote[];
};
