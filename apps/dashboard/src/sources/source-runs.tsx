import { List, Paper, Text, Title } from '@mantine/core';
import { answer, type Source, type SourceRun } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatInteger, formatTime } from '../format';
import { ListTable } from '../layout/list-table';
import { Pager } from '../layout/pager';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const PAGE_SIZE = 10;
const LOOK_AGAIN_MS = 3_000;
const SHOWN_SKIPPED = 5;
const words = texts.sources;

/** What each run found, took and left aside, and why; looked at again as long as one is under way. */
export function SourceRuns({ source: { id, name } }: { source: Source }) {
  const api = useApi();
  const [page, setPage] = useState(1);
  const runs = useQuery({
    queryKey: ['source-runs', id, page],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.results.some(({ finishedAt }) => finishedAt === null) === true && LOOK_AGAIN_MS,
    queryFn: () =>
      answer(
        api.GET('/api/v1/sources/{sourceId}/runs', {
          params: { path: { sourceId: id }, query: { page, pageSize: PAGE_SIZE } },
        }),
      ),
  });
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4">
        {words.runsOf(name)}
      </Title>
      <QueryState query={runs} isEmpty={({ count }) => count === 0} empty={words.noRuns}>
        {({ count, results }) => (
          <>
            <ListTable
              items={results}
              keyOf={(run) => run.id}
              minWidth={720}
              columns={[
                { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
                { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
                figure(words.found, ({ counts }) => counts?.found),
                figure(words.taken, ({ counts }) => counts?.taken),
                figure(words.unchanged, ({ counts }) => counts?.unchanged),
                figure(words.removed, ({ counts }) => counts?.removed),
                { header: words.skipped, render: (run) => <Skipped run={run} /> },
              ]}
            />
            <Pager count={count} pageSize={PAGE_SIZE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Paper>
  );
}

const figure = (header: string, valueOf: (run: SourceRun) => number | undefined) => ({
  header,
  isNumeric: true,
  render: (run: SourceRun) => formatInteger(valueOf(run)),
});

/** What was left aside, with its reason. */
function Skipped({ run: { skipped, error } }: { run: SourceRun }) {
  if (error !== null) return <Text size="sm">{error.message}</Text>;
  if (skipped.length === 0) return texts.none;
  return (
    <List size="sm">
      {skipped.slice(0, SHOWN_SKIPPED).map(({ key, message }) => (
        <List.Item key={key}>
          {key}: {message}
        </List.Item>
      ))}
      {skipped.length > SHOWN_SKIPPED && (
        <List.Item>{words.more(formatInteger(skipped.length - SHOWN_SKIPPED))}</List.Item>
      )}
    </List>
  );
}
