import type { DuckDBValue } from '@duckdb/node-api';
import { invalidParameter } from '@app/problems';
import type { Column } from '../columns/column.js';
import { quoteLiteral } from '../engine/sql.js';

/** A value of a filter: what is bound, and the SQL that makes it comparable with the column. */
export interface BoundValue {
  sql: string;
  value: DuckDBValue;
}

const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?$/;
const WHOLE = /^-?\d{1,38}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?<zone>Z|[-+]\d{2}:\d{2})?)?$/;
const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
]);

/** False for 30 February and the like. */
const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

const isTime = (time: string | undefined): boolean =>
  time === undefined || !Number.isNaN(Date.parse(`2000-01-01T${time}Z`));

/**
 * A text of the query string as value of a column's type.
 * @param field name of the parameter, for the message
 * @throws Problem invalid_parameter where the text does not fit the column
 */
export function parseFilterValue(column: Column, text: string, field: string, timezone: string): BoundValue {
  const parsed = parse(column, text.trim(), text, timezone);
  if (parsed === undefined)
    throw invalidParameter(field, `"${text.slice(0, 64)}" is no ${EXPECTED[column.type]}.`);
  return parsed;
}

const EXPECTED: Record<Column['type'], string> = {
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean (true or false)',
  date: 'date (YYYY-MM-DD)',
  timestamp: 'date or time (ISO 8601)',
  text: 'text',
};

function parse(
  { type, storage }: Column,
  text: string,
  raw: string,
  timezone: string,
): BoundValue | undefined {
  switch (type) {
    case 'integer':
    case 'decimal':
      if (!NUMBER.test(text)) return undefined;
      if (storage === 'DOUBLE' || /[eE]/.test(text)) return { sql: 'CAST(? AS DOUBLE)', value: text };
      return { sql: `CAST(? AS ${WHOLE.test(text) ? 'DECIMAL(38,0)' : 'DOUBLE'})`, value: text };
    case 'boolean': {
      const value = BOOLEANS.get(text.toLowerCase());
      return value === undefined ? undefined : { sql: '?', value };
    }
    case 'date':
      return DATE.test(text) && isDay(text) ? { sql: 'CAST(? AS DATE)', value: text } : undefined;
    case 'timestamp': {
      const parts = TIMESTAMP.exec(text)?.groups;
      if (parts?.date === undefined || !isDay(parts.date) || !isTime(parts.time)) return undefined;
      if (parts.zone === undefined) return { sql: 'CAST(? AS TIMESTAMP)', value: text };
      // The column stands in the store's local time.
      return { sql: `timezone(${quoteLiteral(timezone)}, CAST(? AS TIMESTAMPTZ))`, value: text };
    }
    case 'text':
      return { sql: '?', value: raw };
  }
}
