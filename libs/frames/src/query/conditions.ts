import type { DuckDBValue } from '@duckdb/node-api';
import { invalidParameter } from '@app/problems';
import type { Column } from '../columns/column.js';
import { parseFilterValue } from './filter-value.js';
import type { FilterOperator, RowFilter, VisibleSet } from './visible-set.js';

/** SQL conditions with the values to bind, in order. */
export interface Conditions {
  sql: string;
  values: DuckDBValue[];
}

const COMPARISONS: Partial<Record<FilterOperator, string>> = {
  eq: '=',
  // Rows without a value differ from any value.
  ne: 'IS DISTINCT FROM',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};
const MAX_LIST = 1000;

export function columnNamed(visible: VisibleSet, name: string, field: string): Column {
  const column = visible.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw invalidParameter(field, `there is no column "${name.slice(0, 64)}".`);
  return column;
}

/**
 * The condition all filters make together.
 * @throws Problem invalid_parameter naming the filter that makes no sense
 */
export function conditionsOf(visible: VisibleSet, filters: readonly RowFilter[]): Conditions {
  const conditions: string[] = [];
  const values: DuckDBValue[] = [];
  for (const filter of filters) {
    const { sql, values: bound } = conditionOf(visible, filter);
    conditions.push(sql);
    values.push(...bound);
  }
  return { sql: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}

function conditionOf(visible: VisibleSet, { column: name, operator, value }: RowFilter): Conditions {
  const field = operator === 'eq' ? `filter[${name}]` : `filter[${name}][${operator}]`;
  const column = columnNamed(visible, name, field);
  const { physical } = column;
  const parse = (text: string) => parseFilterValue(column, text, field, visible.timezone);
  if (operator === 'in') {
    const list = (Array.isArray(value) ? value : value.split(',')).map(parse);
    if (list.length === 0 || list.length > MAX_LIST)
      throw invalidParameter(field, `takes 1 to ${MAX_LIST} values.`);
    return {
      sql: `${physical} IN (${list.map(({ sql }) => sql).join(', ')})`,
      values: list.map((entry) => entry.value),
    };
  }
  if (typeof value !== 'string') throw invalidParameter(field, 'takes one value.');
  if (operator === 'isnull') {
    if (value !== 'true' && value !== 'false') throw invalidParameter(field, 'must be true or false.');
    return { sql: `${physical} IS ${value === 'true' ? '' : 'NOT '}NULL`, values: [] };
  }
  if (operator === 'contains') {
    if (column.type !== 'text') throw invalidParameter(field, 'looks only into columns of text.');
    return { sql: `contains(${physical}, ?)`, values: [value] };
  }
  const { sql, value: bound } = parse(value);
  return { sql: `${physical} ${COMPARISONS[operator]} ${sql}`, values: [bound] };
}
