import type { Column } from '../../columns/column.js';
import { writeRecord } from '../../csv/write-record.js';
import { quoteIdentifier, quoteLiteral } from '../../engine/sql.js';
import { shownText } from '../shown-text.js';

/** The file's line ends: RFC 4180. */
const LINE_END = '\r\n';

/** What spreadsheets take for the start of a formula, or skip in front of one; the last four are full-width. */
const FORMULA_STARTS = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
const FORMULA_CODES = FORMULA_STARTS.map((start) => start.codePointAt(0));

/**
 * SQL of a CSV cell. With `safe`, a text that a spreadsheet would take for a formula gets a leading `'`;
 * numbers, dates and booleans never do.
 */
export function csvCell(column: Column, safe: boolean): string {
  const text = shownText(column);
  if (!safe || column.storage !== 'VARCHAR') return text;
  // Not IN: that would be a join, after which rows stand in any order.
  const isFormula = `list_contains([${FORMULA_CODES.join(', ')}], unicode(${text}))`;
  return `CASE WHEN ${isFormula} THEN '''' || ${text} ELSE ${text} END`;
}

/** The header record. Names that a spreadsheet would take for a formula are treated as cells are. */
export function csvHeader(names: readonly string[], safe: boolean): string {
  const cells = names.map((name) => {
    const isFormula = FORMULA_STARTS.some((start) => name.startsWith(start));
    return safe && isFormula ? `'${name}` : name;
  });
  return `${writeRecord(cells)}${LINE_END}`;
}

const WHOLE_DECIMAL = /^DECIMAL\(\d+,0\)$/;

/** SQL of a row as JSON text, with the values that rows in answers have. */
export const jsonRow = (columns: readonly Column[]): string => jsonObject(columns.map(jsonMember));

/** SQL of a JSON object as text, of its members' names and SQL. */
export const jsonObject = (members: readonly JsonMember[]): string =>
  `CAST(json_object(${members.map(({ name, sql }) => `${quoteLiteral(name)}, ${sql}`).join(', ')}) AS VARCHAR)`;

export interface JsonMember {
  name: string;
  sql: string;
}

/** A column as member of a JSON object. */
export const jsonMember = (column: Column): JsonMember => ({
  name: column.name,
  sql: jsonMemberValue(column),
});

function jsonMemberValue(column: Column): string {
  const { physical, storage } = column;
  const text = `CAST(${physical} AS VARCHAR)`;
  if (storage === 'VARCHAR' || storage === 'BOOLEAN') return physical;
  if (storage === 'BIGINT' || WHOLE_DECIMAL.test(storage)) {
    const safe = `${physical} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
    return `CASE WHEN ${safe} THEN to_json(CAST(${physical} AS BIGINT)) ELSE to_json(${text}) END`;
  }
  if (storage === 'DATE') return text;
  if (storage === 'TIMESTAMP') return shownText(column);
  const number = `CAST(${physical} AS DOUBLE)`;
  return `CASE WHEN isfinite(${number}) THEN ${number} END`;
}

/** The columns of a Parquet file: their own types, times as instants. */
export function parquetColumns(columns: readonly Column[]): string {
  const names = distinctWhateverCase(columns.map(({ name }) => name));
  return columns
    .map(({ physical, storage }, index) => {
      const value = storage === 'TIMESTAMP' ? `timezone('UTC', ${physical})` : physical;
      return `${value} AS ${quoteIdentifier(names[index] ?? physical)}`;
    })
    .join(', ');
}

/**
 * Many readers of Parquet do not tell `Price` from `price`: the later one becomes `price (2)`, as repeated headers
 * of a file do.
 */
export function distinctWhateverCase(names: readonly string[]): string[] {
  const given = new Set(names.map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let copy = 2; taken.has(distinct.toLowerCase()); copy += 1) {
      const candidate = `${name} (${copy})`;
      if (!given.has(candidate.toLowerCase())) distinct = candidate;
    }
    taken.add(distinct.toLowerCase());
    return distinct;
  });
}
