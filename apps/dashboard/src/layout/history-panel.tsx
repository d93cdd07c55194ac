import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ListColumn, ListTable } from './list-table';
import { Pager } from './pager';
import { Panel } from './panel';
import { QueryState } from './query-state';

const LOOK_AGAIN_MS = 3_000;
const MIN_WIDTH = 720;

interface Props<T> {
  title: string;
  /** What it is the history of. */
  note?: string;
  empty: string;
  queryKey: QueryKey;
  load: (query: { page: number; pageSize: number }) => Promise<{ count: number; results: T[] }>;
  pageSize: number;
  /** Whether something more will happen to it: as long as it is so, the page is looked at again. */
  isOpen: (item: T) => boolean;
  columns: readonly ListColumn<T>[];
}

/** What happened to one thing, page by page, the newest first. */
export function HistoryPanel<T extends { id: string }>(props: Props<T>) {
  const { title, note, empty, queryKey, load, pageSize, isOpen, columns } = props;
  const [page, setPage] = useState(1);
  const history = useQuery({
    queryKey: [...queryKey, page],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => data?.results.some(isOpen) === true && LOOK_AGAIN_MS,
    queryFn: () => load({ page, pageSize }),
  });
  return (
    <Panel title={title} note={note}>
      <QueryState query={history} isEmpty={({ count }) => count === 0} empty={empty}>
        {({ count, results }) => (
          <>
            <ListTable items={results} keyOf={({ id }) => id} minWidth={MIN_WIDTH} columns={columns} />
            <Pager count={count} pageSize={pageSize} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Panel>
  );
}
