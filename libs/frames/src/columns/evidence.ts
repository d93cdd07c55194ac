import type { ColumnType } from './column.js';

/** What the whole column showed, for whoever proposes roles. */
export interface ColumnEvidence {
  name: string;
  /** The narrowest type that all non-empty values fit. */
  type: ColumnType;
  /** Values that are not empty. */
  values: number;
  nulls: number;
  /** Share of the non-empty values, 0…1, that fit `integer` or `decimal`. */
  numericShare: number;
  /** Share of the non-empty values, 0…1, that fit `date` or `timestamp`. */
  temporalShare: number;
  /** Some of the first values that differ, at most 20. */
  samples: string[];
}

/** A role demands a type of its column: what fits it not is rejected as `bad_cast`. */
export const ROLE_DEMANDS: Readonly<Record<string, 'numeric' | 'temporal'>> = {
  quantity: 'numeric',
  unitPrice: 'numeric',
  amount: 'numeric',
  orderedAt: 'temporal',
};
