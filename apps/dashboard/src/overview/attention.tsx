import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { answer } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { formatTime } from '../format';
import { ProblemAlert } from '../layout/problem-alert';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const SHOWN = 5;
const words = texts.overview;

/** What failed lately, or what there is to do next. */
export function Attention({ customerId, hasReport }: { customerId: string; hasReport: boolean }) {
  const api = useApi();
  const failed = useQuery({
    queryKey: ['failed-tasks', customerId],
    queryFn: () =>
      answer(
        api.GET('/api/v1/tasks', {
          params: { query: { customerId, status: 'failed', ordering: '-createdAt', pageSize: SHOWN } },
        }),
      ),
  });
  if (failed.isError) return <ProblemAlert problem={failed.error} />;
  const { count, results } = failed.data ?? { count: 0, results: [] };
  if (count === 0 && hasReport) return null;
  return (
    <Alert color={count > 0 ? 'yellow' : 'brand'} title={words.attention}>
      <Stack gap={4} align="flex-start">
        {!hasReport && <Text size="sm">{words.noReport}</Text>}
        {results.map(({ id, kind, error, createdAt }) => (
          <Text key={id} size="sm">
            {formatTime(createdAt)} · {words.failedTask(texts.tasks.kinds[kind], error?.message ?? '')}
          </Text>
        ))}
        {count > 0 && (
          <Anchor component={Link} href={`/customers/${customerId}/tasks`} size="sm">
            {words.allTasks}
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
