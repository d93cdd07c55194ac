import type { Column } from '../columns/column.js';

const FRACTIONAL = /^DECIMAL\(\d+,(?!0\))/;

/**
 * SQL of a value as text, as answers show it: decimals without trailing zeros, times in ISO 8601.
 * The column is one that `selectForJson` has brought to UTC.
 */
export function shownText({ physical, storage }: Pick<Column, 'physical' | 'storage'>): string {
  if (storage === 'VARCHAR') return physical;
  const text = `CAST(${physical} AS VARCHAR)`;
  if (storage === 'TIMESTAMP') return `replace(${text}, ' ', 'T') || 'Z'`;
  return FRACTIONAL.test(storage) ? `rtrim(rtrim(${text}, '0'), '.')` : text;
}
