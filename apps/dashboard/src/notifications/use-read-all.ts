import { answer } from '@app/api-client';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';

/** Marks all of the caller's notifications as read. */
export function useReadAll() {
  const api = useApi();
  return useChange(() => answer(api.POST('/api/v1/notifications/read-all', { body: {} })), ['notifications']);
}
