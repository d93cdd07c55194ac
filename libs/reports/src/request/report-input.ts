import type { Role } from '@app/shopping';

/** One dataset as the report reads it: an immutable visible set and what its columns mean. */
export interface InputDataset {
  datasetId: string;
  visibleSetId: string;
  rowCount: number;
  timezone: string;
  /** ISO 4217; null where the store names none. */
  currency: string | null;
  /** Physical column of each role. */
  columns: Partial<Record<Role, string>>;
  /** Physical column with the words for a product, where another one plays the role. */
  productName: string | null;
  uploads: { id: string; sha256: string }[];
}

/** The data of a report, fixed when it is asked for. */
export interface ReportInput {
  kind: 'transactions' | 'shoppers';
  datasets: InputDataset[];
  /** Number columns of a shoppers dataset that are clustered. */
  numbers: { name: string; column: string }[];
  /** Other columns of a shoppers dataset, which tell who is in a segment. */
  texts: { name: string; column: string }[];
}
