import type { AnomalyType } from '../quality/anomaly-types.js';

/** Something that may be found in records of a file, such as bad casts of one column. */
export interface FindingKind {
  type: AnomalyType;
  /** Column name; null where it concerns whole records. */
  column: string | null;
  message: string;
  /** True where the record is rejected. */
  rejects: boolean;
}

/** How often something was found. The single findings stand in a list, see {@link FindingLists}. */
export interface Finding {
  /** Its number in the list. */
  kind: number;
  type: AnomalyType;
  /** Column name; null where it concerns whole records. */
  column: string | null;
  count: number;
  /** Of rejected records (true) or of rows that load (false). */
  rejected: boolean;
  /** The first lines concerned, at most 5. */
  firstLines: number[];
  message: string;
}

/** One finding, as the list of a file has it. */
export interface Anomaly {
  /** Physical line, from 1, on which the record starts. */
  line: number;
  column: string | null;
  type: AnomalyType;
  /** Null where it is empty or concerns the whole record; at most 1,000 characters. */
  value: string | null;
  message: string;
}
