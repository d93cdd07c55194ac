import { answer, type ApiKey } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { formatDay, formatTime } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { LIST_PAGE_SIZE, ListPage } from '../layout/list-page';
import { SecretAlert } from '../layout/secret-alert';
import { useChange } from '../layout/use-change';
import { useEditor } from '../layout/use-editor';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { ApiKeyForm } from './api-key-form';

export default function ApiKeysPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const api = useApi();
  const [page, setPage] = useState(1);
  const keys = useQuery({
    queryKey: ['api-keys', customerId, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/api-keys', { params: { query: { customerId, page, pageSize: LIST_PAGE_SIZE } } }),
      ),
  });
  const { show, isOpen, onClose } = useEditor();
  const [made, setMade] = useState<string>();
  return (
    <ListPage
      words={texts.apiKeys}
      query={keys}
      page={page}
      onPage={setPage}
      onCreate={() => show()}
      notice={made !== undefined && <SecretAlert title={texts.apiKeys.made} secret={made} />}
      columns={[
        { header: texts.fields.name, render: ({ name }) => name },
        { header: texts.apiKeys.prefix, render: ({ prefix }) => <code>{prefix}…</code> },
        { header: texts.members.role, render: ({ role }) => texts.members.roles[role] },
        { header: texts.fields.created, render: ({ createdAt }) => formatDay(createdAt) },
        { header: texts.apiKeys.lastUsed, render: ({ lastUsedAt }) => formatTime(lastUsedAt) },
        { header: texts.fields.actions, render: (apiKey) => <RevokeButton apiKey={apiKey} /> },
      ]}
    >
      <ApiKeyForm customerId={customerId} isOpen={isOpen} onClose={onClose} onMade={setMade} />
    </ListPage>
  );
}

function RevokeButton({ apiKey: { id, name, customerId } }: { apiKey: ApiKey }) {
  const api = useApi();
  const params = { path: { apiKeyId: id } };
  const revoking = useChange(
    () => answer(api.DELETE('/api/v1/api-keys/{apiKeyId}', { params })),
    ['api-keys', customerId],
  );
  return (
    <ConfirmButton
      label={texts.apiKeys.revoke}
      question={texts.apiKeys.revokeConfirm(name)}
      action={revoking}
    />
  );
}
