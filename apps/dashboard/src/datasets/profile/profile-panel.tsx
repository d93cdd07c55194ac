import { Alert, Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { answer, type Dataset } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useCustomerRole } from '../../customers/customer-role';
import { formatTime } from '../../format';
import { ProblemAlert } from '../../layout/problem-alert';
import { QueryState } from '../../layout/query-state';
import { useChange } from '../../layout/use-change';
import { useApi } from '../../session/session-provider';
import { TaskProgress } from '../../tasks/task-progress';
import { useTask } from '../../tasks/use-task';
import { texts } from '../../texts';
import { ColumnCard } from './column-card';

const words = texts.profile;

/** A dataset is profiled on request; whether that was done is asked of its tasks. */
export default function ProfilePanel({ dataset }: { dataset: Dataset }) {
  const api = useApi();
  const tasks = useQuery({
    queryKey: ['profile-tasks', dataset.id],
    queryFn: () =>
      answer(
        api.GET('/api/v1/tasks', {
          params: {
            query: {
              customerId: dataset.customerId,
              datasetId: dataset.id,
              kind: 'profile',
              ordering: '-createdAt',
              pageSize: 1,
            },
          },
        }),
      ),
  });
  return (
    <QueryState query={tasks}>
      {({ results: [task] }) => {
        if (task?.finishedAt === null) return <RunningProfile taskId={task.id} />;
        if (task?.status === 'succeeded') return <Profile dataset={dataset} taskId={task.id} />;
        return (
          <Stack align="flex-start">
            <Text c="dimmed">{words.none}</Text>
            <ProfileButton dataset={dataset} label={words.make} />
          </Stack>
        );
      }}
    </QueryState>
  );
}

function RunningProfile({ taskId }: { taskId: string }) {
  const { task, problem } = useTask(taskId);
  return (
    <>
      <TaskProgress task={task} />
      <ProblemAlert problem={problem} />
    </>
  );
}

/** For those who may ask for it. */
function ProfileButton({ dataset: { id, customerId }, label }: { dataset: Dataset; label: string }) {
  const { canWrite } = useCustomerRole(customerId);
  const api = useApi();
  const params = { path: { datasetId: id } };
  const request = useChange(
    () => answer(api.POST('/api/v1/datasets/{datasetId}/process', { params, body: { kind: 'profile' } })),
    ['profile-tasks', id],
  );
  if (!canWrite) return null;
  return (
    <>
      <Button loading={request.isPending} onClick={() => request.mutate()}>
        {label}
      </Button>
      <ProblemAlert problem={request.error} />
    </>
  );
}

/** Kept by the task that made it: the one before is not shown while a new one is fetched. */
function Profile({ dataset, taskId }: { dataset: Dataset; taskId: string }) {
  const api = useApi();
  const params = { path: { datasetId: dataset.id } };
  const profile = useQuery({
    queryKey: ['profile', dataset.id, taskId],
    queryFn: () => answer(api.GET('/api/v1/datasets/{datasetId}/profile', { params })),
  });
  return (
    <QueryState query={profile}>
      {({ columns, rowCount, current, createdAt }) => (
        <Stack align="stretch">
          {!current && (
            <Alert color="yellow" title={words.outdated(formatTime(createdAt))}>
              <ProfileButton dataset={dataset} label={words.makeAnew} />
            </Alert>
          )}
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {columns.map((column, index) => (
              // Two columns may have one name.
              // oxlint-disable-next-line react/no-array-index-key
              <ColumnCard key={index} column={column} rowCount={rowCount} />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </QueryState>
  );
}
