import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Column, JsonValue } from '../columns/column.js';
import { quoteLiteral } from '../engine/sql.js';

const MICROS_A_MILLISECOND = 1000n;
const MILLISECONDS_A_DAY = 86_400_000;

/** SQL of a column for {@link jsonValue}: timestamps become UTC, as the store's zone is known here. */
export function selectForJson({ physical, type }: Column, timezone: string): string {
  if (type !== 'timestamp' || timezone === 'UTC') return physical;
  return `timezone('UTC', timezone(${quoteLiteral(timezone)}, ${physical})) AS ${physical}`;
}

/** A DuckDB value as the HTTP contract shows it; see {@link JsonValue}. */
export function jsonValue(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof DuckDBDecimalValue) return value.scale === 0 ? integer(value.value) : value.toDouble();
  if (value instanceof DuckDBTimestampValue) return timestamp(value.micros);
  if (value instanceof DuckDBDateValue) return date(value.days);
  throw new TypeError(`No JSON for a DuckDB value of this kind: ${String(value)}`);
}

const integer = (value: bigint): number | string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
};

const date = (days: number): string => new Date(days * MILLISECONDS_A_DAY).toISOString().slice(0, -14);

function timestamp(micros: bigint): string {
  const millisecond = micros / MICROS_A_MILLISECOND - (micros % MICROS_A_MILLISECOND < 0n ? 1n : 0n);
  const rest = micros - millisecond * MICROS_A_MILLISECOND;
  const text = new Date(Number(millisecond)).toISOString();
  const fraction = `${text.slice(-4, -1)}${rest.toString().padStart(3, '0')}`.replace(/0+$/, '');
  return `${text.slice(0, -5)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Rows as objects without prototype: a column may be called `__proto__`. */
export function jsonRows(
  columns: readonly Column[],
  rows: readonly DuckDBValue[][],
): Record<string, JsonValue>[] {
  return rows.map((row) => {
    const object = Object.create(null) as Record<string, JsonValue>;
    for (const [index, { name }] of columns.entries()) object[name] = jsonValue(row[index] ?? null);
    return object;
  });
}
