import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListColumn } from './list-table';
import { PagedList } from './paged-list';
import { Panel } from './panel';

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
      <PagedList
        query={history}
        empty={empty}
        keyOf={({ id }) => id}
        minWidth={MIN_WIDTH}
        columns={columns}
        pageSize={pageSize}
        page={page}
        onPage={setPage}
      />
    </Panel>
  );
}
