import { Button, List } from '@mantine/core';
import { answer, type Delivery, type Webhook } from '@app/api-client';
import { formatInteger, formatTime } from '../format';
import { HistoryPanel } from '../layout/history-panel';
import { ProblemAlert } from '../layout/problem-alert';
import { StatusBadge } from '../layout/status-badge';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const PAGE_SIZE = 20;
const words = texts.webhooks;

/** What was sent to a webhook, with every attempt. */
export function Deliveries({ webhook: { id, url } }: { webhook: Webhook }) {
  const api = useApi();
  return (
    <HistoryPanel
      title={words.deliveries}
      note={url}
      empty={words.noDeliveries}
      queryKey={['deliveries', id]}
      load={(query) =>
        answer(
          api.GET('/api/v1/webhooks/{webhookId}/deliveries', { params: { path: { webhookId: id }, query } }),
        )
      }
      pageSize={PAGE_SIZE}
      isOpen={({ status }) => status === 'pending'}
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
