import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { answer } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemAlert } from '../../layout/problem-alert';
import { QueryState } from '../../layout/query-state';
import { useChange } from '../../layout/use-change';
import { useApi } from '../../session/session-provider';
import { texts } from '../../texts';
import { type Changes, ChoicesTable } from './choices-table';

const words = texts.notificationChoices;
const PLACES = {
  user: '/api/v1/customers/{customerId}/notification-choices/mine',
  customer: '/api/v1/customers/{customerId}/notification-choices',
} as const;

interface Props {
  customerId: string;
  /** Whose choices: the user's own, or the customer's for all who have not chosen. */
  level: keyof typeof PLACES;
  mayChange: boolean;
}

/** What is chosen, changed here and saved together. */
export function ChoicesForm({ customerId, level, mayChange }: Props) {
  const api = useApi();
  const params = { path: { customerId } };
  const choices = useQuery({
    queryKey: ['notification-choices', customerId, level],
    queryFn: () => answer(api.GET(PLACES[level], { params })),
  });
  const [changes, setChanges] = useState<Changes>({});
  const saving = useChange(
    () => answer(api.PATCH(PLACES[level], { params, body: { events: changes } })),
    ['notification-choices', customerId],
    () => setChanges({}),
  );
  const isChanged = Object.keys(changes).length > 0;
  return (
    <QueryState query={choices}>
      {({ events }) => (
        <Stack align="stretch">
          <Text size="sm" c="dimmed">
            {words.notes[level]}
          </Text>
          <ChoicesTable
            events={events}
            level={level}
            mayChange={mayChange}
            changes={changes}
            onChanges={setChanges}
          />
          {saving.isSuccess && !isChanged && <Alert role="status" title={texts.account.saved} />}
          <ProblemAlert problem={saving.error} />
          {mayChange && (
            <Group>
              <Button disabled={!isChanged} loading={saving.isPending} onClick={() => saving.mutate()}>
                {texts.actions.save}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </QueryState>
  );
}
