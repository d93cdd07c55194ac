import { type ApiClient, ApiProblem, answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../session/session-provider';

/** Any call that reads: which one, the path says. */
type Read = (
  path: string,
  options: { parseAs: 'stream' },
) => Promise<{ data?: ReadableStream | null; error?: unknown; response: Response }>;

/**
 * Has the browser save what the api answers at a path, or show it in a tab of its own, by an address that is good once
 * and holds no token.
 */
export function useDownload({ inNewTab = false } = {}) {
  const api = useApi();
  return useMutation({
    mutationFn: async (path: string) => {
      // Opened at once: later the browser would take it for one that nobody asked for.
      const tab = inNewTab ? window.open('', '_blank') : null;
      try {
        await mustBeThere(api, path);
        const { url } = await answer(api.POST('/api/v1/downloads', { body: { path } }));
        (tab ?? window).location.assign(url);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
  });
}

/**
 * Asks for the beginning: a refusal is told by the page, where the browser would show it raw in the page's place.
 * @throws ApiProblem what the api says against it
 */
async function mustBeThere(api: ApiClient, path: string): Promise<void> {
  const { data, error, response } = await (api.GET as Read)(path, { parseAs: 'stream' });
  if (!response.ok) throw new ApiProblem(response, error);
  await data?.cancel();
}
