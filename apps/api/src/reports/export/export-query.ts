import type { RowFilter } from '@app/frames';
import { invalidParameter } from '@app/problems';
import { MEMBER_FORMATS, type MemberExportQuery } from '@app/reports';
import { checkFilterCount, filterOf } from '../../datasets/rows-query.js';

const SEGMENT = /^\d{1,3}$/;

/**
 * `format`, `segment`, `hashedEmail` and `filter[feature][operator]=value` of a query string, read by hand as features
 * may be columns of any name.
 * @throws Problem invalid_parameter
 */
export function parseExportQuery(search: URLSearchParams, features: readonly string[]): MemberExportQuery {
  const query: MemberExportQuery = { format: 'csv', filters: [], hashedEmail: false };
  const known = new Set(['shopperId', 'segment', ...features]);
  const seen = new Set<string>();
  for (const [key, value] of search) {
    if (key.startsWith('filter[')) {
      query.filters.push(filterOfFeature(key, value, known));
      continue;
    }
    if (seen.has(key)) throw invalidParameter(key, 'given twice');
    seen.add(key);
    readOption(query, key, value);
  }
  checkFilterCount(query.filters);
  return query;
}

function readOption(query: MemberExportQuery, key: string, value: string): void {
  if (key === 'format') {
    const format = MEMBER_FORMATS.find((known) => known === value);
    if (format === undefined) throw invalidParameter('format', `one of ${MEMBER_FORMATS.join(', ')}`);
    query.format = format;
  } else if (key === 'segment') {
    if (!SEGMENT.test(value)) throw invalidParameter('segment', 'the index of a segment');
    query.segment = Number(value);
  } else if (key === 'hashedEmail') {
    if (value !== 'true' && value !== 'false') throw invalidParameter('hashedEmail', 'true or false');
    query.hashedEmail = value === 'true';
  } else {
    throw invalidParameter(key, 'unknown parameter');
  }
}

function filterOfFeature(key: string, value: string, known: ReadonlySet<string>): RowFilter {
  const filter = filterOf(key, value, known);
  if (!known.has(filter.column)) throw invalidParameter(key, `one of ${[...known].join(', ')}`);
  return filter;
}
