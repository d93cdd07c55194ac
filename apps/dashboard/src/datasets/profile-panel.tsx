import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Badge, Button, Group, Paper, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { answer, type Dataset, type DatasetProfile } from '@app/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCustomerRole } from '../customers/customer-role';
import { formatInteger, formatNumber, formatShare } from '../format';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { TaskProgress } from '../tasks/task-progress';
import { useTask } from '../tasks/use-task';

type Column = DatasetProfile['columns'][number];
const TOP = 5;

/** A dataset is profiled on request; whether that was done is asked of its tasks. */
export default function ProfilePanel({ dataset }: { dataset: Dataset }) {
  const api = useApi();
  const tasks = useQuery({
    queryKey: ['profile-tasks', dataset.id],
    queryFn: () =>
      answer(
        api.GET('/api/v1/tasks', {
          params: {
            query: { customerId: dataset.customerId, datasetId: dataset.id, kind: 'profile', pageSize: 1 },
          },
        }),
      ),
  });
  return (
    <QueryState query={tasks}>
      {({ results: [task] }) =>
        task?.status === 'succeeded' ? (
          <Profile datasetId={dataset.id} />
        ) : (
          <ProfileRequest dataset={dataset} running={task?.finishedAt === null ? task.id : undefined} />
        )
      }
    </QueryState>
  );
}

function ProfileRequest({ dataset, running }: { dataset: Dataset; running: string | undefined }) {
  const datasetId = dataset.id;
  const { canWrite } = useCustomerRole(dataset.customerId);
  const api = useApi();
  const { task } = useTask(running);
  const queries = useQueryClient();
  const request = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/datasets/{datasetId}/process', {
          params: { path: { datasetId } },
          body: { kind: 'profile' },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['profile-tasks', datasetId] }),
  });
  if (running !== undefined) return <TaskProgress task={task} />;
  return (
    <Stack align="flex-start">
      <Text c="dimmed">{texts.datasets.noProfile}</Text>
      <ProblemAlert problem={request.error} />
      {canWrite && (
        <Button loading={request.isPending} onClick={() => request.mutate()}>
          {texts.datasets.makeProfile}
        </Button>
      )}
    </Stack>
  );
}

function Profile({ datasetId }: { datasetId: string }) {
  const api = useApi();
  const profile = useQuery({
    queryKey: ['profile', datasetId],
    queryFn: () =>
      answer(api.GET('/api/v1/datasets/{datasetId}/profile', { params: { path: { datasetId } } })),
  });
  return (
    <QueryState query={profile}>
      {({ columns, rowCount }) => (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {columns.map((column, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <ColumnCard key={index} column={column} rowCount={rowCount} />
          ))}
        </SimpleGrid>
      )}
    </QueryState>
  );
}

function ColumnCard({ column, rowCount }: { column: Column; rowCount: number }) {
  const { name, type, nulls, distinct, min, max, mean, histogram, topValues, outliers } = column;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h5" lineClamp={1}>
            {name}
          </Title>
          <Badge variant="light">{type}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {formatInteger(distinct)} {texts.datasets.distinct} ·{' '}
          {formatShare(rowCount === 0 ? 0 : nulls / rowCount)} {texts.datasets.empties}
        </Text>
        <Text size="sm">
          {String(min ?? texts.none)} … {String(max ?? texts.none)}
          {mean !== null && mean !== undefined && ` · ⌀ ${formatNumber(mean)}`}
        </Text>
        {histogram && histogram.length > 0 && (
          <BarChart
            h={90}
            data={histogram.map((bin) => ({
              from: formatNumber(bin.from),
              [texts.overview.rows]: bin.count,
            }))}
            dataKey="from"
            series={[{ name: texts.overview.rows, color: 'teal.7' }]}
            withXAxis={false}
            withYAxis={false}
            gridAxis="none"
            barProps={{ isAnimationActive: false }}
          />
        )}
        {!histogram?.length &&
          topValues?.slice(0, TOP).map(({ value, count }) => (
            <div key={String(value)}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Text size="xs" truncate>
                  {String(value)}
                </Text>
                <Text size="xs" c="dimmed">
                  {formatInteger(count)}
                </Text>
              </Group>
              <Progress size="xs" value={(count / rowCount) * 100} aria-label={String(value)} />
            </div>
          ))}
        {outliers && outliers.count > 0 && (
          <Text size="xs" c="dimmed">
            {texts.datasets.outliers(formatInteger(outliers.count))}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
