import { Button, List, Paper, Text, Title } from '@mantine/core';
import { answer, type Delivery, type Webhook } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatInteger, formatTime } from '../format';
import { ListTable } from '../layout/list-table';
import { Pager } from '../layout/pager';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const PAGE_SIZE = 20;
const LOOK_AGAIN_MS = 3_000;
const words = texts.webhooks;

/** What was sent to a webhook, with every attempt; looked at again as long as something is on its way. */
export function Deliveries({ webhook: { id, url } }: { webhook: Webhook }) {
  const api = useApi();
  const [page, setPage] = useState(1);
  const deliveries = useQuery({
    queryKey: ['deliveries', id, page],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.results.some(({ status }) => status === 'pending') === true && LOOK_AGAIN_MS,
    queryFn: () =>
      answer(
        api.GET('/api/v1/webhooks/{webhookId}/deliveries', {
          params: { path: { webhookId: id }, query: { page, pageSize: PAGE_SIZE } },
        }),
      ),
  });
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4">
        {words.deliveries}
      </Title>
      <Text size="sm" c="dimmed">
        {url}
      </Text>
      <QueryState query={deliveries} isEmpty={({ count }) => count === 0} empty={words.noDeliveries}>
        {({ count, results }) => (
          <>
            <ListTable
              items={results}
              keyOf={(delivery) => delivery.id}
              minWidth={720}
              columns={[
                { header: words.event, render: ({ type }) => type },
                { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
                { header: texts.tasks.attempts, render: (delivery) => <Attempts delivery={delivery} /> },
                { header: words.next, render: ({ nextAttemptAt }) => formatTime(nextAttemptAt) },
                { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
                {
                  header: texts.fields.actions,
                  render: (delivery) => <ReplayButton webhookId={id} deliveryId={delivery.id} />,
                },
              ]}
            />
            <Pager count={count} pageSize={PAGE_SIZE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Paper>
  );
}

function Attempts({ delivery: { attempts } }: { delivery: Delivery }) {
  if (attempts.length === 0) return texts.none;
  return (
    <List size="sm" type="ordered">
      {attempts.map(({ at, status, error, milliseconds }) => (
        <List.Item key={at}>
          {error ?? status} · {formatInteger(milliseconds)} ms
        </List.Item>
      ))}
    </List>
  );
}

function ReplayButton({ webhookId, deliveryId }: { webhookId: string; deliveryId: string }) {
  const api = useApi();
  const params = { path: { webhookId, deliveryId } };
  const replay = useChange(
    () => answer(api.POST('/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay', { params })),
    ['deliveries', webhookId],
  );
  return (
    <>
      <Button size="compact-sm" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
        {words.replay}
      </Button>
      <ProblemAlert problem={replay.error} />
    </>
  );
}
