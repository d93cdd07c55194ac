import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Listing, listQuery } from '../layout/use-listing';
import { useApi } from '../session/session-provider';

export const STORES_PER_PAGE = 100;

export function useStores(customerId: string, listing: Listing = {}) {
  const api = useApi();
  return useQuery({
    queryKey: ['stores', customerId, listing],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/customers/{customerId}/stores', {
          params: {
            path: { customerId },
            query: { ...listQuery(listing), pageSize: STORES_PER_PAGE, ordering: 'name' },
          },
        }),
      ),
  });
}
