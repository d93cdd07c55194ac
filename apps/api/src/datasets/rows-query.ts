import { FILTER_OPERATORS, type FilterOperator, type RowFilter, type RowsQuery } from '@app/frames';
import { invalidParameter } from '@app/problems';
import { validate as isUuid } from 'uuid';

const MAX_PAGE_SIZE = 1000;
const DEFAULT_PAGE_SIZE = 20;
const MAX_FILTERS = 50;
const WHOLE_NUMBER = /^[1-9]\d{0,8}$/;
const OPERATOR = new RegExp(String.raw`^filter\[(.*)\]\[(${FILTER_OPERATORS.join('|')})\]$`, 's');
const EQUALITY = /^filter\[(.*)\]$/s;

export interface RowsRequest extends RowsQuery {
  filters: RowFilter[];
  /** Ids of links whose rows are nested. */
  include?: string[];
  /** Columns whose cells are lists, as they were given: whose they are is known of the tables only. */
  split?: string[];
}

/**
 * `page, pageSize, columns, ordering, include, split` and `filter[Column][operator]=value` of a query string. Read by hand, as
 * column names may hold brackets, commas and `__proto__`, with which query parsers build something else.
 * @param known the dataset's column names: one that holds a comma is not taken for two
 * @throws Problem invalid_parameter
 */
export function parseRowsQuery(search: URLSearchParams, known: ReadonlySet<string>): RowsRequest {
  const request: RowsRequest = { page: 1, pageSize: DEFAULT_PAGE_SIZE, filters: [] };
  const seen = new Set<string>();
  for (const [key, value] of search) {
    if (key === 'page' || key === 'pageSize') {
      if (seen.has(key)) throw invalidParameter(key, 'given twice');
      seen.add(key);
      request[key] = wholeNumber(key, value);
    } else if (key === 'columns') {
      request.columns = [...(request.columns ?? []), ...columnNames(value, known)];
    } else if (key === 'ordering') {
      request.ordering = [...(request.ordering ?? []), ...columnNames(value, known)];
    } else if (key === 'include') {
      request.include = [...(request.include ?? []), ...linkIds(value)];
    } else if (key === 'split') {
      request.split = [...(request.split ?? []), value];
    } else {
      request.filters.push(filterOf(key, value, known));
    }
  }
  checkFilterCount(request.filters);
  request.pageSize = Math.min(request.pageSize, MAX_PAGE_SIZE);
  return request;
}

const MAX_LINKS = 10;

/** Of `include`. @throws Problem invalid_parameter */
export function linkIds(value: string): string[] {
  const ids = value.split(',').filter((id) => id !== '');
  if (ids.length > MAX_LINKS) throw invalidParameter('include', `at most ${MAX_LINKS} links`);
  if (!ids.every((id) => isUuid(id))) throw invalidParameter('include', 'ids of links, comma-separated');
  return ids;
}

/** @throws Problem invalid_parameter */
export function checkFilterCount(filters: readonly RowFilter[]): void {
  if (filters.length > MAX_FILTERS) throw invalidParameter('filter', `at most ${MAX_FILTERS} filters`);
}

/** @throws Problem invalid_parameter */
export function wholeNumber(name: string, value: string): number {
  if (!WHOLE_NUMBER.test(value)) throw invalidParameter(name, `${name} is a whole number from 1`);
  return Number(value);
}

/** The names of a comma-separated list, of which some may hold commas themselves: the longest known one counts. */
export function columnNames(value: string, known: ReadonlySet<string>): string[] {
  const pieces = value.split(',');
  const longest = Math.max(1, ...[...known].map((name) => name.split(',').length));
  const found: string[] = [];
  for (let at = 0; at < pieces.length;) {
    let length = Math.min(longest, pieces.length - at);
    while (length > 1 && !isKnown(pieces.slice(at, at + length).join(','), known)) length -= 1;
    found.push(pieces.slice(at, at + length).join(','));
    at += length;
  }
  return found.filter((name) => name !== '');
}

const isKnown = (name: string, known: ReadonlySet<string>): boolean =>
  known.has(name) || (name.startsWith('-') && known.has(name.slice(1)));

/** `filter[Column]=value` or `filter[Column][operator]=value`. @throws Problem invalid_parameter for any other key */
export function filterOf(key: string, value: string, known: ReadonlySet<string>): RowFilter {
  const whole = EQUALITY.exec(key)?.[1];
  if (whole === undefined) throw invalidParameter(key, 'unknown parameter');
  const [, column, operator] = OPERATOR.exec(key) ?? [];
  if (column === undefined || operator === undefined || known.has(whole)) {
    return { column: whole, operator: 'eq', value };
  }
  return { column, operator: operator as FilterOperator, value };
}
