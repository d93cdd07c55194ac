import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Listing, listQuery } from '../layout/use-listing';
import { useApi } from '../session/session-provider';

const LOOK_AGAIN_MS = 5_000;
export const USERS_PER_PAGE = 50;
export const DEAD_LETTERS_PER_PAGE = 20;
export const AUDIT_PER_PAGE = 50;

/** Queues, workers, storage and what the system depends on, looked at again every few seconds. */
export function useSystemOverview() {
  const api = useApi();
  return useQuery({
    queryKey: ['admin-overview'],
    refetchInterval: LOOK_AGAIN_MS,
    queryFn: () => answer(api.GET('/api/v1/admin/overview', {})),
  });
}

export function useUsers(listing: Listing) {
  const api = useApi();
  return useQuery({
    queryKey: ['users', listing],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/users', {
          params: {
            query: { ...listQuery(listing), pageSize: USERS_PER_PAGE, ordering: 'email' },
          },
        }),
      ),
  });
}

/** Looked at again every few seconds, too: what stops while the page is open shall be seen. */
export function useDeadLetters(page: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['dead-letters', page],
    refetchInterval: LOOK_AGAIN_MS,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/admin/dead-letters', {
          params: { query: { page, pageSize: DEAD_LETTERS_PER_PAGE } },
        }),
      ),
  });
}

export function useAudit(listing: Listing) {
  const api = useApi();
  return useQuery({
    queryKey: ['audit', listing],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/admin/audit', {
          params: { query: { ...listQuery(listing), pageSize: AUDIT_PER_PAGE } },
        }),
      ),
  });
}
