import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ListColumn, ListTable } from './list-table';
import { Page } from './page';
import { QueryState } from './query-state';

interface Props<T> {
  words: { title: string; lead: string; create: string; empty: string };
  query: UseQueryResult<{ count: number; results: T[] }>;
  columns: readonly ListColumn<T>[];
  minWidth?: number;
  /** Without it the user may not make any. */
  onCreate?: (() => void) | undefined;
  /** Shown above the list. */
  notice?: ReactNode;
  /** Shown below it. */
  children: ReactNode;
}

/** A page about a list of things, with the way to make another. */
export function ListPage<T extends { id: string }>(props: Props<T>) {
  const { words, query, columns, minWidth, onCreate, notice, children } = props;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={onCreate !== undefined && <Button onClick={onCreate}>{words.create}</Button>}
    >
      {notice}
      <QueryState query={query} isEmpty={({ count }) => count === 0} empty={words.empty}>
        {({ results }) => (
          <ListTable
            items={results}
            keyOf={({ id }) => id}
            columns={columns}
            {...(minWidth !== undefined && { minWidth })}
          />
        )}
      </QueryState>
      {children}
    </Page>
  );
}
