import { answer, type Task } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

export const TASKS_PER_PAGE = 20;
const LOOK_AGAIN_MS = 2_000;

export interface TaskSearch {
  search: string;
  kind: Task['kind'] | undefined;
  status: Task['status'] | undefined;
  page: number;
}

/** A customer's tasks, looked at again as long as one of them is not finished. */
export function useTasks(customerId: string, { search, kind, status, page }: TaskSearch) {
  const api = useApi();
  return useQuery({
    queryKey: ['tasks', customerId, search, kind, status, page],
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      data?.results.some(({ finishedAt }) => finishedAt === null) === true && LOOK_AGAIN_MS,
    queryFn: () =>
      answer(
        api.GET('/api/v1/tasks', {
          params: {
            query: {
              customerId,
              page,
              pageSize: TASKS_PER_PAGE,
              ordering: '-createdAt',
              ...(search !== '' && { search }),
              ...(kind !== undefined && { kind }),
              ...(status !== undefined && { status }),
            },
          },
        }),
      ),
  });
}
