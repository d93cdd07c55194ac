import { Anchor, Group, Select, Text } from '@mantine/core';
import type { Task } from '@app/api-client';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatSeconds, formatTime } from '../format';
import type { ListColumn } from '../layout/list-table';
import { optionsOf } from '../layout/options-of';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { SearchField } from '../layout/search-field';
import { StatusBadge } from '../layout/status-badge';
import { texts } from '../texts';
import { TaskActions } from './task-actions';
import { TaskProgress } from './task-progress';
import { TASKS_PER_PAGE, type TaskSearch, useTasks } from './task-queries';

const KINDS = optionsOf(texts.tasks.kinds);
const { queued, running, succeeded, failed, cancelled } = texts.statuses;
const STATUSES = optionsOf({ queued, running, succeeded, failed, cancelled });

const COLUMNS: ListColumn<Task>[] = [
  { header: texts.tasks.kind, render: (task) => <TaskSubject task={task} /> },
  { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
  { header: texts.tasks.outcome, render: (task) => <TaskOutcome task={task} /> },
  {
    header: texts.tasks.attempts,
    isNumeric: true,
    render: ({ attempts, maxAttempts }) => `${attempts} / ${maxAttempts}`,
  },
  { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
];

export default function TasksPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { canWrite } = useCustomerRole(customerId);
  const [wanted, setWanted] = useState<TaskSearch>({
    search: '',
    kind: undefined,
    status: undefined,
    page: 1,
  });
  const tasks = useTasks(customerId, wanted);
  const narrow = (change: Partial<TaskSearch>) => setWanted({ ...wanted, page: 1, ...change });
  const actions: ListColumn<Task> = {
    header: texts.fields.actions,
    render: (task) => <TaskActions task={task} />,
  };
  return (
    <Page title={texts.tasks.title} lead={texts.tasks.lead}>
      <Group gap="xs">
        <SearchField onSearch={(search) => narrow({ search })} />
        <Select
          aria-label={texts.tasks.kind}
          placeholder={texts.tasks.kind}
          clearable
          w={170}
          data={KINDS}
          onChange={(kind) => narrow({ kind: kind ?? undefined })}
        />
        <Select
          aria-label={texts.fields.status}
          placeholder={texts.fields.status}
          clearable
          w={150}
          data={STATUSES}
          onChange={(status) => narrow({ status: status ?? undefined })}
        />
      </Group>
      <PagedList
        query={tasks}
        empty={texts.tasks.empty}
        keyOf={({ id }) => id}
        columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
        minWidth={760}
        pageSize={TASKS_PER_PAGE}
        page={wanted.page}
        onPage={(page) => narrow({ page })}
      />
    </Page>
  );
}

/** What it is about, with the way there. */
function TaskSubject({ task: { kind, customerId, uploadId, reportId, datasetId } }: { task: Task }) {
  const home = `/customers/${customerId}`;
  const place =
    uploadId !== null
      ? `${home}/uploads/${uploadId}`
      : reportId !== null
        ? `${home}/reports/${reportId}`
        : datasetId !== null
          ? `${home}/datasets/${datasetId}`
          : undefined;
  const label = texts.tasks.kinds[kind];
  if (place === undefined) return label;
  return (
    <Anchor component={Link} href={place}>
      {label}
    </Anchor>
  );
}

/** How far it is, what went wrong, or how long it took. */
function TaskOutcome({ task }: { task: Task }) {
  const { status, error, startedAt, finishedAt, note } = task;
  const seconds =
    startedAt === null || finishedAt === null
      ? null
      : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return (
    <>
      {status === 'running' && <TaskProgress task={task} />}
      {error !== null && <Text size="sm">{error.message}</Text>}
      {status === 'succeeded' && <Text size="sm">{formatSeconds(seconds)}</Text>}
      {note !== null && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </>
  );
}
