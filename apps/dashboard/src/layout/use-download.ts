import { answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

/** Saves what the api answers at a path. The browser is given an address that is good once, and no token. */
export function useDownload() {
  const api = useApi();
  return useMutation({
    mutationFn: (path: string) => answer(api.POST('/api/v1/downloads', { body: { path } })),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}
