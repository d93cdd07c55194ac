import { Button, Code, List, Text } from '@mantine/core';
import { answer, type DeadLetter } from '@app/api-client';
import { useState } from 'react';
import { formatInteger, formatTime } from '../format';
import { ConfirmButton } from '../layout/confirm-button';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { ProblemAlert } from '../layout/problem-alert';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { DEAD_LETTERS_PER_PAGE, useDeadLetters } from './administration-queries';

/** What stopped and waits for somebody, with the way to send it on again. */
export default function DeadLettersPage() {
  const [page, setPage] = useState(1);
  const letters = useDeadLetters(page);
  return (
    <Page
      title={texts.deadLetters.title}
      lead={texts.deadLetters.lead}
      actions={(letters.data?.count ?? 0) > 1 && <RedriveAll />}
    >
      <PagedList
        query={letters}
        empty={texts.deadLetters.empty}
        keyOf={({ id }) => id}
        minWidth={760}
        columns={[
          { header: texts.deadLetters.queue, render: ({ queue }) => queue },
          { header: texts.reports.reason, render: ({ reason }) => texts.deadLetters.reasons[reason] },
          { header: texts.deadLetters.failures, render: (letter) => <Failures letter={letter} /> },
          { header: texts.fields.created, render: ({ createdAt }) => formatTime(createdAt) },
          { header: texts.fields.actions, render: ({ id }) => <RedriveButton id={id} /> },
        ]}
        pageSize={DEAD_LETTERS_PER_PAGE}
        page={page}
        onPage={setPage}
      />
    </Page>
  );
}

/** What each attempt said, or the message that nobody could read. */
function Failures({ letter: { failures, message, task } }: { letter: DeadLetter }) {
  if (message !== null) {
    return (
      <>
        <Code block>{message.text}</Code>
        <Text size="xs" c="dimmed">
          {formatInteger(message.sizeBytes)} B
        </Text>
      </>
    );
  }
  if (failures.length === 0) return <Text size="sm">{task?.error?.message ?? texts.none}</Text>;
  return (
    <List size="sm" type="ordered">
      {failures.map(({ attempt, outcome, error, at }) => (
        <List.Item key={`${attempt} ${at}`}>
          {error?.message ?? outcome}{' '}
          <Text span size="xs" c="dimmed">
            {formatTime(at)}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}

function RedriveButton({ id }: { id: string }) {
  const api = useApi();
  const params = { path: { deadLetterId: id } };
  const redrive = useChange(
    () => answer(api.POST('/api/v1/admin/dead-letters/{deadLetterId}/redrive', { params })),
    ['dead-letters'],
  );
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={redrive.isPending}
        onClick={() => redrive.mutate()}
      >
        {texts.deadLetters.redrive}
      </Button>
      <ProblemAlert problem={redrive.error} />
    </>
  );
}

function RedriveAll() {
  const api = useApi();
  const redrive = useChange(
    () => answer(api.POST('/api/v1/admin/dead-letters/redrive', { body: {} })),
    ['dead-letters'],
  );
  return (
    <ConfirmButton
      label={texts.deadLetters.redriveAll}
      question={texts.deadLetters.redriveAllConfirm}
      action={redrive}
    />
  );
}
