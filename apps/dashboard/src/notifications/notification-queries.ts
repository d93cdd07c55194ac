import { answer } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

/** The caller's notifications, the newest first, and how many of all are unread. */
export function useNotifications({ page, pageSize }: { page: number; pageSize: number }) {
  const api = useApi();
  return useQuery({
    queryKey: ['notifications', page, pageSize],
    placeholderData: keepPreviousData,
    queryFn: () => answer(api.GET('/api/v1/notifications', { params: { query: { page, pageSize } } })),
  });
}
