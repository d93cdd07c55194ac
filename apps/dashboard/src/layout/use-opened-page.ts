import { answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

/** Shows a page that the api answers in a tab of its own, by an address that is good once. */
export function useOpenedPage() {
  const api = useApi();
  return useMutation({
    mutationFn: async (path: string) => {
      // Opened at once: later the browser would take it for one that nobody asked for.
      const tab = window.open('', '_blank');
      try {
        const { url } = await answer(api.POST('/api/v1/downloads', { body: { path } }));
        (tab ?? window).location.assign(url);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
  });
}
