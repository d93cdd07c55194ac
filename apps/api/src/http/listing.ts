import { invalidParameter } from '@app/problems';
import { z } from 'zod';
import { text } from './text.js';

const MAX_PAGE = 1_000_000;
const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/** Digits as they stand in an address; the OpenAPI document calls them what they mean. */
const digits = (name: string, fallback: number) =>
  z
    .string()
    .refine((value) => /^[1-9]\d{0,8}$/.test(value), `${name} is a whole number from 1`)
    .meta({ type: 'integer', minimum: 1, default: fallback });

/** The query every list takes; spread it into a `z.strictObject` beside the list's own filters. */
export const listQuery = {
  page: digits('page', 1)
    .transform(Number)
    .refine((value) => value <= MAX_PAGE, `page is at most ${MAX_PAGE}`)
    .default(1),
  pageSize: digits('pageSize', DEFAULT_PAGE_SIZE)
    .transform((value) => Math.min(Number(value), MAX_PAGE_SIZE))
    .default(DEFAULT_PAGE_SIZE),
  search: text(200, 0).optional(),
  ordering: z.string().max(200).optional(),
};

export interface ListQuery {
  page: number;
  pageSize: number;
}

export interface Page<Item> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Item[];
}

/** The schema of a list's answer. */
export const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({
    count: z.number().int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(item),
  });

/** `originalUrl` is the request's path with its query, which the links to the neighbours keep. */
export function toPage<Item>(
  results: Item[],
  count: number,
  query: ListQuery,
  originalUrl: string,
): Page<Item> {
  const link = (page: number): string => {
    const url = new URL(originalUrl, 'http://host');
    url.searchParams.set('page', String(page));
    return url.pathname + url.search;
  };
  return {
    count,
    next: query.page * query.pageSize < count ? link(query.page + 1) : null,
    previous: query.page > 1 ? link(query.page - 1) : null,
    results,
  };
}

/**
 * `name` or `-name` of an allow-list, as the column and direction to order by.
 * @throws Problem invalid_parameter for any other name
 */
export function orderingOf<Name extends string>(
  ordering: string | undefined,
  allowed: readonly Name[],
  fallback: Name | `-${Name}`,
): { by: Name; direction: 'ASC' | 'DESC' } {
  const given = ordering ?? fallback;
  const descending = given.startsWith('-');
  const by = allowed.find((name) => name === (descending ? given.slice(1) : given));
  if (by === undefined)
    throw invalidParameter('ordering', `one of ${allowed.join(', ')}, or the same with a leading -`);
  return { by, direction: descending ? 'DESC' : 'ASC' };
}

/** Escapes what LIKE takes for wildcards, so that a search for `50%` finds just that. */
export const likePattern = (search: string): string => `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
