import type { ColumnType, JsonValue } from '../../columns/column.js';

/** Names of the quantiles of a profile, with their shares. */
export const PROFILE_QUANTILES = {
  p01: 0.01,
  p05: 0.05,
  p25: 0.25,
  p50: 0.5,
  p75: 0.75,
  p95: 0.95,
  p99: 0.99,
} as const;

export type QuantileName = keyof typeof PROFILE_QUANTILES;

/** Values `from ≤ value < to`; the last bin has its `to` as well. */
export interface HistogramBin {
  from: number;
  to: number;
  count: number;
}

export interface Outliers {
  /** Values below `lower` or above `upper`. */
  count: number;
  /** p25 − 1.5 × (p75 − p25). */
  lower: number;
  /** p75 + 1.5 × (p75 − p25). */
  upper: number;
}

/** Values that are no outliers. Beside extreme ones these would all fall into one bin. */
export interface TypicalValues {
  /** Outliers below them. */
  below: number;
  /** Outliers above them. */
  above: number;
  /** Bins of equal width from the least to the greatest of them; of whole numbers each holds equally many, but for the last. */
  histogram: HistogramBin[];
}

/** What all values of one column look like. */
export interface ColumnProfile {
  name: string;
  type: ColumnType;
  /** Values that are not null. */
  count: number;
  nulls: number;
  /** Different values, null not counted. */
  distinct: number;
  /** Texts are cut to 64 bytes. */
  min: JsonValue;
  max: JsonValue;
  /** Of numbers. `stddev` is that of the sample. */
  mean: number | null;
  stddev: number | null;
  sum: number | null;
  /** Of numbers and times: interpolated linearly, dates rounded down to the day. */
  quantiles: Record<QuantileName, JsonValue> | null;
  /** Of numbers: bins of equal width from `min` to `max`. */
  histogram: HistogramBin[] | null;
  /** Of numbers. */
  outliers: Outliers | null;
  /** Of numbers. */
  typical: TypicalValues | null;
  /** Of all others: the most frequent values, equal ones in their own order. */
  topValues: { value: JsonValue; count: number }[] | null;
}
