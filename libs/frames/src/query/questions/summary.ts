import { DuckDBDecimalValue, DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import type { Column, JsonValue, StorageType } from '../../columns/column.js';
import { shownExtreme } from '../../model/column-extremes.js';
import { jsonValue } from '../json-rows.js';

/** What is told of any column. */
export interface ValueSummary {
  /** Values that are not null. */
  count: number;
  nulls: number;
  /** Texts are cut to 64 bytes. */
  min: JsonValue;
  max: JsonValue;
}

/** Null where there are not enough values: one for most of it, two for `stddev`. */
export interface NumberSummary extends ValueSummary {
  mean: number | null;
  /** Of the sample: divided by count − 1. */
  stddev: number | null;
  /** Decimals are added exactly. */
  sum: number | null;
  /** Quantiles, interpolated linearly between the two nearest values. */
  p25: number | null;
  p50: number | null;
  p75: number | null;
}

export const QUARTILES = [0.25, 0.5, 0.75] as const;

export const isNumeric = ({ type }: Pick<Column, 'type'>): boolean =>
  type === 'integer' || type === 'decimal';

export const asDouble = ({ physical }: Pick<Column, 'physical'>): string => `CAST(${physical} AS DOUBLE)`;

/** SQL of the values that {@link readSummary} takes, in order. */
export function summaryTerms(column: Column, withQuartiles: boolean): string[] {
  const { physical } = column;
  const terms = [`count(${physical})`, `min(${physical})`, `max(${physical})`];
  if (!isNumeric(column)) return terms;
  terms.push(sumOf(column), `stddev_samp(${asDouble(column)})`);
  if (withQuartiles) terms.push(`quantile_cont(${asDouble(column)}, [${QUARTILES.join(', ')}])`);
  return terms;
}

/** @param rows all rows, those with a null included */
export function readSummary(
  column: Column,
  rows: number,
  [filled, min, max, sum, stddev, quartiles]: readonly (DuckDBValue | undefined)[],
): ValueSummary | NumberSummary {
  const count = Number(filled);
  const summary = { count, nulls: rows - count, min: extreme(min), max: extreme(max) };
  if (!isNumeric(column)) return summary;
  const total = numberOf(sum);
  const [p25, p50, p75] = quartiles instanceof DuckDBListValue ? quartiles.items : [];
  return {
    ...summary,
    mean: total === null ? null : total / count,
    stddev: numberOf(stddev),
    sum: total,
    p25: numberOf(p25),
    p50: numberOf(p50),
    p75: numberOf(p75),
  };
}

/** The nearest number; an exact decimal keeps what a number can hold of it. */
export function numberOf(value: DuckDBValue | undefined): number | null {
  if (value === null || value === undefined) return null;
  const number = value instanceof DuckDBDecimalValue ? Number(value.toString()) : Number(value);
  return Number.isFinite(number) ? number : null;
}

function extreme(value: DuckDBValue | undefined): JsonValue {
  const shown = jsonValue(value ?? null);
  return typeof shown === 'string' ? shownExtreme(shown) : shown;
}

const DIGITS = /^DECIMAL\((\d+),/;
/** Sums have up to 38 digits; this leaves room for ten thousand million values. */
const MAX_SUMMED_DIGITS = 28;

function sumOf(column: Column): string {
  return isExact(column.storage) ? `sum(${column.physical})` : `fsum(${asDouble(column)})`;
}

const isExact = (storage: StorageType): boolean =>
  storage === 'BIGINT' || Number(DIGITS.exec(storage)?.[1] ?? Infinity) <= MAX_SUMMED_DIGITS;
