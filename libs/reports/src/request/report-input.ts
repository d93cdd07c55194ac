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

/** A column of the same name in every dataset. */
export interface InputColumn {
  name: string;
  /** Its physical column in each dataset, in their order. */
  columns: string[];
}

/** The data of a report, fixed when it is asked for. */
export interface ReportInput {
  kind: 'transactions' | 'shoppers';
  datasets: InputDataset[];
  /** Number columns of shoppers datasets that are clustered. */
  numbers: InputColumn[];
  /** Other columns of shoppers datasets, which tell who is in a segment. */
  texts: InputColumn[];
}
