import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Listing, listQuery } from '../layout/use-listing';
import { useApi } from '../session/session-provider';

export const CUSTOMERS_PER_PAGE = 100;

export function useCustomers(listing: Listing = {}) {
  const api = useApi();
  return useQuery({
    queryKey: ['customers', listing],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/customers', {
          params: { query: { ...listQuery(listing), pageSize: CUSTOMERS_PER_PAGE, ordering: 'name' } },
        }),
      ),
  });
}

export function useCustomer(customerId: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['customers', 'one', customerId],
    enabled: customerId !== undefined,
    queryFn: () =>
      answer(
        api.GET('/api/v1/customers/{customerId}', { params: { path: { customerId: customerId ?? '' } } }),
      ),
  });
}
