import { Center, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TryAgain } from './try-again';
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
  if (query.isError) return <TryAgain problem={query.error} onAgain={() => void query.refetch()} />;
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
