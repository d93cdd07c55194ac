import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import { ApiProblem } from './api-problem.js';
import type { paths } from './schema.js';

export type ApiClient = Client<paths>;

export interface ApiClientOptions {
  /** Where the api stands: `https://datacore.example`. */
  baseUrl: string;
  /** An API key or an access token; a function is asked before each request. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** In place of the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client whose paths, parameters and answers are those of the OpenAPI document.
 *
 * @example
 * const api = createApiClient({ baseUrl: 'http://localhost:8000', token: apiKey });
 * const { results } = await answer(api.GET('/api/v1/customers', {}));
 */
export function createApiClient({ baseUrl, token, fetch }: ApiClientOptions): ApiClient {
  const client = createFetchClient<paths>({ baseUrl, ...(fetch !== undefined && { fetch }) });
  client.use(authorization(token));
  return client;
}

/**
 * What a call answered.
 * @throws ApiProblem where the api answered with anything but success
 */
export async function answer<T>(
  call: Promise<{ data?: T | undefined; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ApiProblem(response, error);
  return data as NonNullable<T>;
}

function authorization(token: ApiClientOptions['token']): Middleware {
  return {
    async onRequest({ request }) {
      const value = typeof token === 'function' ? await token() : token;
      if (value !== undefined) request.headers.set('Authorization', `Bearer ${value}`);
      return request;
    },
  };
}
