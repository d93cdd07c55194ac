import { answer } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

const PAGE_SIZE = 100;

export function useCustomers(search = '') {
  const api = useApi();
  return useQuery({
    queryKey: ['customers', search],
    queryFn: () =>
      answer(
        api.GET('/api/v1/customers', {
          params: { query: { pageSize: PAGE_SIZE, ordering: 'name', ...(search !== '' && { search }) } },
        }),
      ),
  });
}
