import { readEvents } from '@app/api-client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../session/session-provider';

const PAUSE_MS = 5_000;

/** Hears what happens at the caller's customers and has the lists asked anew that it changes. */
export function useLiveEvents(): void {
  const api = useApi();
  const queries = useQueryClient();
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;

    async function listen(): Promise<void> {
      const { response } = await api.GET('/api/v1/events', { parseAs: 'stream', signal });
      if (!response.ok || response.body === null) return;
      // What happened while nobody listened shows in the lists.
      await queries.invalidateQueries({ queryKey: ['notifications'] });
      for await (const { event } of readEvents(response.body)) {
        if (event === 'notification') await queries.invalidateQueries({ queryKey: ['notifications'] });
      }
    }

    async function keepListening(): Promise<void> {
      while (!signal.aborted) {
        // A line that was cut is opened again; the pages work without it too.
        await listen().catch(() => undefined);
        await pause(signal);
      }
    }

    void keepListening();
    return () => gone.abort();
  }, [api, queries]);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    const timer = setTimeout(resolve, PAUSE_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
