import { Button } from '@mantine/core';
import { answer, type Task } from '@app/api-client';
import { ConfirmButton } from '../layout/confirm-button';
import { ProblemAlert } from '../layout/problem-alert';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

/** What can be done with a task: stop it while it is not finished, or have it tried again when it did not work out. */
export function TaskActions({ task }: { task: Task }) {
  if (task.finishedAt === null) return <StopButton task={task} />;
  if (task.status === 'failed' || task.status === 'cancelled') return <RetryButton task={task} />;
  return null;
}

export function StopButton({ task: { id } }: { task: Task }) {
  const api = useApi();
  const params = { path: { taskId: id } };
  const stopping = useChange(() => answer(api.POST('/api/v1/tasks/{taskId}/cancel', { params })));
  return <ConfirmButton label={texts.tasks.stop} question={texts.tasks.stopConfirm} action={stopping} />;
}

function RetryButton({ task: { id } }: { task: Task }) {
  const api = useApi();
  const params = { path: { taskId: id } };
  const retrying = useChange(() => answer(api.POST('/api/v1/tasks/{taskId}/retry', { params })));
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={retrying.isPending}
        onClick={() => retrying.mutate()}
      >
        {texts.actions.tryAgain}
      </Button>
      <ProblemAlert problem={retrying.error} />
    </>
  );
}
