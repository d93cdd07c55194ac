import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Listing, listQuery } from '../layout/use-listing';
import { useApi } from '../session/session-provider';

export const MEMBERS_PER_PAGE = 100;

export function useMembers(customerId: string, listing: Listing) {
  const api = useApi();
  return useQuery({
    queryKey: ['members', customerId, listing],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/customers/{customerId}/members', {
          params: {
            path: { customerId },
            query: { ...listQuery(listing), pageSize: MEMBERS_PER_PAGE, ordering: 'name' },
          },
        }),
      ),
  });
}
