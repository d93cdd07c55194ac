import type { Column, ColumnType, StorageType } from '@app/frames';

type Extreme = Column['min'];

const DECIMAL = /^DECIMAL\((\d+),(\d+)\)$/;
/** Decimal digits a BIGINT may have. */
const BIGINT_DIGITS = 19;
const MAX_DIGITS = 38;

/** The narrowest type that holds the values of both; text holds everything. */
export function commonType(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const pair = new Set<ColumnType>([a, b]);
  if (pair.has('integer') && pair.has('decimal')) return 'decimal';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return 'text';
}

/** The SQL type that holds the values of both without loss where there is one. */
export function commonStorage(a: StorageType, b: StorageType): StorageType {
  if (a === b) return a;
  const pair = new Set<StorageType>([a, b]);
  if (pair.has('DATE') && pair.has('TIMESTAMP')) return 'TIMESTAMP';
  if (!isNumeric(a) || !isNumeric(b)) return 'VARCHAR';
  const [one, other] = [digitsOf(a), digitsOf(b)];
  if (one === undefined || other === undefined) return 'DOUBLE';
  const scale = Math.max(one.scale, other.scale);
  const whole = Math.max(one.whole, other.whole);
  return whole + scale <= MAX_DIGITS ? `DECIMAL(${whole + scale},${scale})` : 'DOUBLE';
}

const isNumeric = (storage: StorageType): boolean =>
  storage === 'BIGINT' || storage === 'DOUBLE' || DECIMAL.test(storage);

/** Digits before and after the point; undefined for DOUBLE. */
function digitsOf(storage: StorageType): { whole: number; scale: number } | undefined {
  if (storage === 'BIGINT') return { whole: BIGINT_DIGITS, scale: 0 };
  const match = DECIMAL.exec(storage);
  if (match === null) return undefined;
  const [precision, scale] = [Number(match[1]), Number(match[2])];
  return { whole: precision - scale, scale };
}

/**
 * One column that holds what both hold, as `a` is named. Extremes of a column that only became text by this
 * union are unknown: the order of texts is not the order of numbers.
 */
export function uniteColumns(a: Column, b: Column): Column {
  const type = commonType(a.type, b.type);
  const known = type !== 'text' || a.type === b.type;
  return {
    ...a,
    type,
    storage: commonStorage(a.storage, b.storage),
    nulls: a.nulls + b.nulls,
    min: known ? extreme(type, [a.min, b.min], -1) : null,
    max: known ? extreme(type, [a.max, b.max], 1) : null,
  };
}

function extreme(type: ColumnType, values: [Extreme, Extreme], sign: 1 | -1): Extreme {
  const [a, b] = values;
  if (a === null) return b;
  if (b === null) return a;
  return compare(type, a, b) * sign >= 0 ? a : b;
}

function compare(type: ColumnType, a: string | number, b: string | number): number {
  if (type === 'integer' || type === 'decimal') return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
