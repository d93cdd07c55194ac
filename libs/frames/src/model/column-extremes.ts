import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { PhysicalName, StorageType } from '../columns/column.js';

/** Nulls and extremes of a column over some rows. Extremes compare by `compareExtremes`. */
export interface ColumnExtremes {
  nulls: number;
  min: Extreme;
  max: Extreme;
}

export type Extreme = bigint | number | string | null;

export interface StoredColumn {
  name: string;
  physical: PhysicalName;
  storage: StorageType;
}

const EXTREME_BYTES = 64;

/** Dates, times and booleans as ISO text: it sorts as they do. Exact decimals as numbers for people. */
function comparable(storage: StorageType, extreme: string): string {
  if (storage === 'BIGINT' || storage === 'VARCHAR' || storage === 'DOUBLE') return extreme;
  if (storage === 'TIMESTAMP') return `strftime(${extreme}, '%Y-%m-%dT%H:%M:%S')`;
  if (storage === 'DECIMAL(38,0)') return `CAST(${extreme} AS VARCHAR)`;
  return storage.startsWith('DECIMAL') ? `CAST(${extreme} AS DOUBLE)` : `CAST(${extreme} AS VARCHAR)`;
}

const COLUMNS_A_STATEMENT = 200;

/**
 * Counts rows, and nulls and extremes of every column.
 * @param relation SQL for a FROM clause, such as a frame that is read back
 */
export async function extremesOf(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly StoredColumn[],
): Promise<{ rows: number; columns: ColumnExtremes[] }> {
  const result: ColumnExtremes[] = [];
  let rows = 0;
  for (let from = 0; from < columns.length; from += COLUMNS_A_STATEMENT) {
    const part = columns.slice(from, from + COLUMNS_A_STATEMENT);
    const select = part.map(({ physical, storage }) =>
      [
        `count(${physical})`,
        comparable(storage, `min(${physical})`),
        comparable(storage, `max(${physical})`),
      ].join(', '),
    );
    const reader = await connection.runAndReadAll(`SELECT count(*), ${select.join(',\n')} FROM ${relation}`);
    const [count, ...values] = reader.getRows()[0] ?? [];
    rows = Number(count);
    for (const [index, { storage }] of part.entries()) {
      const [filled, min, max] = values.slice(index * 3, index * 3 + 3);
      result.push({ nulls: rows - Number(filled), min: extreme(storage, min), max: extreme(storage, max) });
    }
  }
  return { rows, columns: result };
}

function extreme(storage: StorageType, value: DuckDBValue | undefined): Extreme {
  if (value === null || value === undefined) return null;
  if (storage === 'DECIMAL(38,0)') return BigInt(value as string);
  return value as bigint | number | string;
}

function compareExtremes(left: Extreme, right: Extreme): number {
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return (left ?? 0) < (right ?? 0) ? -1 : Number((left ?? 0) > (right ?? 0));
}

const pick = (left: Extreme, right: Extreme, sign: 1 | -1): Extreme => {
  if (left === null || right === null) return left ?? right;
  return compareExtremes(left, right) * sign <= 0 ? left : right;
};

/** Extremes of two parts of a table together. */
export const mergeExtremes = (left: ColumnExtremes, right: ColumnExtremes): ColumnExtremes => ({
  nulls: left.nulls + right.nulls,
  min: pick(left.min, right.min, 1),
  max: pick(left.max, right.max, -1),
});

/** An extreme for documents and answers: short, without NUL, big integers as text. */
export function shownExtreme(value: Extreme): string | number | null {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  let shown = value.slice(0, EXTREME_BYTES).replaceAll('\0', '');
  while (Buffer.byteLength(shown) > EXTREME_BYTES) shown = Array.from(shown).slice(0, -1).join('');
  return shown;
}
