import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ListColumn, ListTable } from './list-table';
import { Pager } from './pager';
import { QueryState } from './query-state';

interface Props<T> {
  /** A page of the list. */
  query: UseQueryResult<{ count: number; results: T[] }>;
  /** Shown where the list has nothing. */
  empty: ReactNode;
  columns: readonly ListColumn<T>[];
  keyOf: (item: T, index: number) => string;
  minWidth?: number;
  pageSize: number;
  page: number;
  onPage: (page: number) => void;
}

/** A list of the api, page by page. */
export function PagedList<T>({ query, empty, pageSize, page, onPage, ...table }: Props<T>) {
  return (
    <QueryState query={query} isEmpty={({ count }) => count === 0} empty={empty}>
      {({ count, results }) => (
        <>
          <ListTable items={results} {...table} />
          <Pager count={count} pageSize={pageSize} page={page} onPage={onPage} />
        </>
      )}
    </QueryState>
  );
}
