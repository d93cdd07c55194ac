import { MantineProvider } from '@mantine/core';
import { ApiProblem } from '@app/api-client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Routes } from './routes';
import { SessionProvider } from './session/session-provider';
import { cssVariables, styleNonce, theme } from './theme';

const ATTEMPTS = 3;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the api refuses it refuses again; only a lost line or an overload may pass.
      retry: (failures, error) =>
        failures < ATTEMPTS && !(error instanceof ApiProblem && error.status < 500 && error.status !== 429),
    },
  },
});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
      cssVariablesResolver={cssVariables}
    >
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <Routes />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
