import { answer } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

const PAGE_SIZE = 100;

export function useMembers(customerId: string, search: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['members', customerId, search],
    queryFn: () =>
      answer(
        api.GET('/api/v1/customers/{customerId}/members', {
          params: {
            path: { customerId },
            query: { pageSize: PAGE_SIZE, ordering: 'name', ...(search !== '' && { search }) },
          },
        }),
      ),
  });
}
