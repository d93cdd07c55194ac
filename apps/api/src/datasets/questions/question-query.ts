import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportQuery,
  type RowFilter,
  type StatsQuery,
  type ValuesQuery,
} from '@app/frames';
import { invalidParameter } from '@app/problems';
import { orderingOf } from '../../http/listing.js';
import { checkFilterCount, columnNames, filterOf, linkIds, wholeNumber } from '../rows-query.js';

export const STATS_PAGE = { default: 100, max: 1000 } as const;
export const VALUES_PAGE = { default: 20, max: 100 } as const;
const MAX_SEARCH_LENGTH = 200;

type Reader = (value: string, key: string) => void;

/**
 * Hands each parameter to its reader and takes all others for filters; see `parseRowsQuery` for why by hand.
 * Those that `repeated` names may be given more than once.
 */
function read(
  search: URLSearchParams,
  known: ReadonlySet<string>,
  readers: Record<string, Reader>,
  repeated: readonly string[],
): RowFilter[] {
  const filters: RowFilter[] = [];
  const seen = new Set<string>();
  for (const [key, value] of search) {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined) {
      filters.push(filterOf(key, value, known));
      continue;
    }
    if (seen.has(key) && !repeated.includes(key)) throw invalidParameter(key, 'given twice');
    seen.add(key);
    reader(value, key);
  }
  checkFilterCount(filters);
  return filters;
}

function pageReaders(
  target: { page: number; pageSize: number },
  { max }: { max: number },
): Record<'page' | 'pageSize', Reader> {
  return {
    page: (value, key) => {
      target.page = wholeNumber(key, value);
    },
    pageSize: (value, key) => {
      target.pageSize = Math.min(wholeNumber(key, value), max);
    },
  };
}

/**
 * `column, groupBy, page, pageSize` and filters.
 * @throws Problem invalid_parameter
 */
export function parseStatsQuery(
  search: URLSearchParams,
  known: ReadonlySet<string>,
): StatsQuery & { filters: RowFilter[] } {
  const query: StatsQuery = { page: 1, pageSize: STATS_PAGE.default };
  const readers = {
    column: (value: string) => {
      query.columns = [...(query.columns ?? []), ...columnNames(value, known)];
    },
    groupBy: (value: string) => {
      query.groupBy = [...(query.groupBy ?? []), ...columnNames(value, known)];
    },
    ...pageReaders(query, STATS_PAGE),
  };
  const filters = read(search, known, readers, ['column', 'groupBy']);
  return { ...query, filters };
}

/**
 * `column, search, ordering, page, pageSize` and filters.
 * @throws Problem invalid_parameter
 */
export function parseValuesQuery(
  search: URLSearchParams,
  known: ReadonlySet<string>,
): ValuesQuery & { filters: RowFilter[] } {
  const query: Omit<ValuesQuery, 'column'> & { column?: string } = {
    page: 1,
    pageSize: VALUES_PAGE.default,
    ordering: orderingOf(undefined, ['count', 'value'], '-count'),
  };
  const filters = read(
    search,
    known,
    {
      column: (value) => {
        query.column = value;
      },
      search: (value) => {
        if (value.length > MAX_SEARCH_LENGTH) {
          throw invalidParameter('search', `at most ${MAX_SEARCH_LENGTH} characters`);
        }
        query.search = value === '' ? undefined : value;
      },
      ordering: (value) => {
        query.ordering = orderingOf(value, ['count', 'value'], '-count');
      },
      ...pageReaders(query, VALUES_PAGE),
    },
    [],
  );
  const { column, ...rest } = query;
  if (column === undefined) throw invalidParameter('column', 'required');
  return { ...rest, column, filters };
}

/** What is exported, with what is to be nested in it. */
export interface ExportRequest extends ExportQuery {
  filters: RowFilter[];
  include: string[];
  /** As they were given. */
  split: string[];
}

/**
 * `format, columns, raw, include, nest, split` and filters.
 * @throws Problem invalid_parameter
 */
export function parseExportQuery(search: URLSearchParams, known: ReadonlySet<string>): ExportRequest {
  const query: Omit<ExportRequest, 'filters'> = { format: 'csv', raw: false, include: [], split: [] };
  const nest: { given?: boolean } = {};
  const filters = read(
    search,
    known,
    {
      format: (value) => {
        if (!isFormat(value)) throw invalidParameter('format', `one of ${EXPORT_FORMATS.join(', ')}`);
        query.format = value;
      },
      columns: (value) => {
        query.columns = [...(query.columns ?? []), ...columnNames(value, known)];
      },
      raw: (value, key) => {
        query.raw = isTrue(key, value);
      },
      include: (value) => {
        query.include = linkIds(value);
      },
      nest: (value, key) => {
        nest.given = isTrue(key, value);
      },
      split: (value) => {
        query.split.push(value);
      },
    },
    ['columns', 'split'],
  );
  if (query.include.length > 0 && nest.given === false) {
    throw invalidParameter('nest', 'linked rows can only be nested');
  }
  const [needsJson] = [
    ...(query.include.length > 0 ? ['include'] : []),
    ...(query.split.length > 0 ? ['split'] : []),
  ];
  if (needsJson !== undefined && query.format !== 'json' && query.format !== 'ndjson') {
    throw invalidParameter(needsJson, 'only for the formats json and ndjson');
  }
  return { ...query, filters };
}

function isTrue(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw invalidParameter(name, 'must be true or false');
  return value === 'true';
}

const isFormat = (value: string): value is ExportFormat =>
  (EXPORT_FORMATS as readonly string[]).includes(value);
