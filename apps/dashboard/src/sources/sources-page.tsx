import { Anchor, Button, Group, Text } from '@mantine/core';
import { answer, type Source } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatTime } from '../format';
import { LIST_PAGE_SIZE, ListPage } from '../layout/list-page';
import type { ListColumn } from '../layout/list-table';
import { ProblemAlert } from '../layout/problem-alert';
import { RowActions } from '../layout/row-actions';
import { StatusBadge } from '../layout/status-badge';
import { useChange } from '../layout/use-change';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { publishedTo, SourceForm } from './source-form';
import { SourceRuns } from './source-runs';

const words = texts.sources;

/** Places from which files are fetched by themselves, and what each run took. */
export default function SourcesPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { canWrite } = useCustomerRole(customerId);
  const api = useApi();
  const [page, setPage] = useState(1);
  const sources = useQuery({
    queryKey: ['sources', customerId, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/sources', { params: { query: { customerId, page, pageSize: LIST_PAGE_SIZE } } }),
      ),
  });
  const { show, edited, ...dialog } = useEditor<Source>();
  const [shown, setShown] = useState<Source>();
  const actions: ListColumn<Source> = {
    header: texts.fields.actions,
    render: (source) => (
      <SourceActions
        source={source}
        canWrite={canWrite}
        onEdit={() => show(source)}
        onRuns={() => setShown(source)}
      />
    ),
  };
  return (
    <ListPage
      words={words}
      query={sources}
      page={page}
      onPage={setPage}
      columns={[...COLUMNS, actions]}
      minWidth={900}
      onCreate={canWrite ? () => show() : undefined}
    >
      {shown !== undefined && <SourceRuns key={shown.id} source={shown} />}
      <SourceForm {...dialog} customerId={customerId} source={edited} />
    </ListPage>
  );
}

const COLUMNS: ListColumn<Source>[] = [
  {
    header: texts.fields.name,
    render: ({ name, customerId, datasetId }) => (
      <Anchor component={Link} href={`/customers/${customerId}/datasets/${datasetId}`}>
        {name}
      </Anchor>
    ),
  },
  {
    header: words.place,
    render: (source) => <SourcePlace source={source} />,
  },
  { header: words.schedule, render: ({ schedule }) => schedule ?? words.onDemand },
  {
    header: words.next,
    render: ({ nextAt, paused }) => (paused ? words.paused : formatTime(nextAt)),
  },
  {
    header: words.lastRun,
    render: ({ lastRun }) => (lastRun === null ? texts.none : <StatusBadge status={lastRun.status} />),
  },
];

/** Where files come from and, where it is written back, where to. */
function SourcePlace({ source }: { source: Source }) {
  const { kind, bucket, prefix, pattern, bundle } = source;
  const target = publishedTo(source);
  const notes = [
    [bucket, prefix, pattern].filter((part) => part !== null && part !== '').join(' / '),
    target !== '' && words.writesTo(target),
  ];
  return (
    <>
      {bundle === null ? words.kinds[kind] : `${words.kinds[kind]} · ${words.bundle}`}
      {notes.map(
        (note) =>
          note !== false && (
            <Text key={note} size="sm" c="dimmed">
              {note}
            </Text>
          ),
      )}
    </>
  );
}

interface ActionsProps {
  source: Source;
  canWrite: boolean;
  onEdit: () => void;
  onRuns: () => void;
}

function SourceActions({ source: { id, name, customerId }, canWrite, onEdit, onRuns }: ActionsProps) {
  const api = useApi();
  const params = { path: { sourceId: id } };
  const sync = useChange(
    () => answer(api.POST('/api/v1/sources/{sourceId}/sync', { params })),
    ['source-runs', id],
    onRuns,
  );
  return (
    <Group gap="xs">
      <Button size="compact-sm" variant="default" onClick={onRuns}>
        {words.runs}
      </Button>
      {canWrite && (
        <>
          <Button size="compact-sm" variant="default" loading={sync.isPending} onClick={() => sync.mutate()}>
            {words.sync}
          </Button>
          <RowActions
            onEdit={onEdit}
            removal={{
              question: words.remove(name),
              run: () => answer(api.DELETE('/api/v1/sources/{sourceId}', { params })),
              changes: ['sources', customerId],
            }}
          />
          <ProblemAlert problem={sync.error} isBelowLine />
        </>
      )}
    </Group>
  );
}
