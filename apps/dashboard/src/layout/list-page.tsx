import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ListColumn } from './list-table';
import { Page } from './page';
import { PagedList } from './paged-list';

export const LIST_PAGE_SIZE = 100;

interface Props<T> {
  words: { title: string; lead: string; create: string; empty: string };
  /** A page of {@link LIST_PAGE_SIZE}. */
  query: UseQueryResult<{ count: number; results: T[] }>;
  columns: readonly ListColumn<T>[];
  minWidth?: number;
  page: number;
  onPage: (page: number) => void;
  /** Without it the user may not make any. */
  onCreate?: (() => void) | undefined;
  /** Shown above the list. */
  notice?: ReactNode;
  /** Shown below it. */
  children: ReactNode;
}

/** A page about a list of things, with the way to make another. */
export function ListPage<T extends { id: string }>(props: Props<T>) {
  const { words, query, onCreate, notice, children, ...list } = props;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={onCreate !== undefined && <Button onClick={onCreate}>{words.create}</Button>}
    >
      {notice}
      <PagedList
        query={query}
        empty={words.empty}
        keyOf={({ id }) => id}
        pageSize={LIST_PAGE_SIZE}
        {...list}
      />
      {children}
    </Page>
  );
}
