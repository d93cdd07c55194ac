import { Button, Center, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '../texts';
import { ProblemAlert } from './problem-alert';
import { Waiting } from './waiting';

interface Props<T> {
  query: UseQueryResult<T>;
  /** Shown in place of the children where this says that there is nothing to show. */
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Loading, failed, empty or there: every answer of the api is shown through this. */
export function QueryState<T>({ query, isEmpty, empty, children }: Props<T>) {
  if (query.data !== undefined) {
    return <>{isEmpty?.(query.data) === true ? <Empty>{empty}</Empty> : children(query.data)}</>;
  }
  if (query.isError) {
    return (
      <Stack align="flex-start">
        <ProblemAlert problem={query.error} />
        <Button variant="default" onClick={() => void query.refetch()}>
          {texts.actions.tryAgain}
        </Button>
      </Stack>
    );
  }
  return <Waiting />;
}

export function Empty({ children }: { children: ReactNode }) {
  return (
    <Center p="xl">
      <Text c="dimmed" ta="center" maw={480}>
        {children}
      </Text>
    </Center>
  );
}
