import { Button, Group, Text } from '@mantine/core';
import { answer, type Webhook } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { formatDay } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { LIST_PAGE_SIZE, ListPage } from '../layout/list-page';
import { ProblemAlert } from '../layout/problem-alert';
import { RowActions } from '../layout/row-actions';
import { SecretAlert } from '../layout/secret-alert';
import { StatusBadge } from '../layout/status-badge';
import { useChange } from '../layout/use-change';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { Deliveries } from './deliveries';
import { WebhookForm } from './webhook-form';

const words = texts.webhooks;

/** Addresses of programs that are told what happens, and what became of each message. */
export default function WebhooksPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const api = useApi();
  const [page, setPage] = useState(1);
  const webhooks = useQuery({
    queryKey: ['webhooks', customerId, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/webhooks', { params: { query: { customerId, page, pageSize: LIST_PAGE_SIZE } } }),
      ),
  });
  const { show, edited, ...dialog } = useEditor<Webhook>();
  const [secret, setSecret] = useState<string>();
  const [shown, setShown] = useState<Webhook>();
  return (
    <ListPage
      words={words}
      query={webhooks}
      page={page}
      onPage={setPage}
      minWidth={960}
      onCreate={() => show()}
      notice={secret !== undefined && <SecretAlert title={words.made} secret={secret} />}
      columns={[
        { header: words.url, render: (webhook) => <Address webhook={webhook} /> },
        { header: words.events, render: (webhook) => <Events webhook={webhook} /> },
        {
          header: texts.fields.status,
          render: ({ enabled }) => <StatusBadge status={enabled ? 'enabled' : 'disabled'} />,
        },
        { header: texts.fields.created, render: ({ createdAt }) => formatDay(createdAt) },
        {
          header: texts.fields.actions,
          render: (webhook) => (
            <WebhookActions
              webhook={webhook}
              onEdit={() => show(webhook)}
              onDeliveries={() => setShown(webhook)}
              onSecret={setSecret}
            />
          ),
        },
      ]}
    >
      {shown !== undefined && <Deliveries key={shown.id} webhook={shown} />}
      <WebhookForm {...dialog} customerId={customerId} webhook={edited} onSecret={setSecret} />
    </ListPage>
  );
}

/** By their names, unless it is told of everything. */
function Events({ webhook: { events } }: { webhook: Webhook }) {
  const types = texts.notifications.types;
  if (events.length === Object.keys(types).length) return words.allEvents;
  return events.map((event) => types[event]).join(', ');
}

function Address({ webhook: { url, description, disabledReason } }: { webhook: Webhook }) {
  return (
    <>
      <code>{url}</code>
      {[description, disabledReason].map(
        (note) =>
          note !== null &&
          note !== '' && (
            <Text key={note} size="sm" c="dimmed">
              {note}
            </Text>
          ),
      )}
    </>
  );
}

interface ActionsProps {
  webhook: Webhook;
  onEdit: () => void;
  onDeliveries: () => void;
  onSecret: (secret: string) => void;
}

function WebhookActions({ webhook, onEdit, onDeliveries, onSecret }: ActionsProps) {
  const { id, url, customerId } = webhook;
  const api = useApi();
  const params = { path: { webhookId: id } };
  const test = useChange(
    () => answer(api.POST('/api/v1/webhooks/{webhookId}/test', { params })),
    ['deliveries', id],
    onDeliveries,
  );
  const rotation = useChange(
    () => answer(api.POST('/api/v1/webhooks/{webhookId}/rotate-secret', { params })),
    ['webhooks', customerId],
    ({ secret }) => onSecret(secret),
  );
  return (
    <Group gap="xs">
      <Button size="compact-sm" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {words.test}
      </Button>
      <Button size="compact-sm" variant="default" onClick={onDeliveries}>
        {words.deliveries}
      </Button>
      <ConfirmButton label={words.rotate} question={words.rotateConfirm} action={rotation} />
      <RowActions
        onEdit={onEdit}
        removal={{
          question: words.remove(url),
          run: () => answer(api.DELETE('/api/v1/webhooks/{webhookId}', { params })),
          changes: ['webhooks', customerId],
        }}
      />
      <ProblemAlert problem={test.error} isBelowLine />
    </Group>
  );
}
