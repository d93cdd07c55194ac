/** What a test reads of an answer. Its shape is asserted by the tests, typing it would only say it twice. */
// oxlint-disable-next-line typescript/no-explicit-any
export type JsonBody = any;

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON, or undefined where there is none. */
  body: JsonBody;
  text: string;
}

export interface Call {
  /** An access token or an API key; without it the call is anonymous. */
  token?: string;
  /** Sent as JSON, unless it is a FormData or a string. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** `fetch` for the api: never throws for a status. `/health/*`, `/metrics` and `/api/*` are taken as they are, all else is below `/api/v1`. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly token?: string,
  ) {}

  /** The same api, as somebody else. */
  as(token: string | undefined): ApiClient {
    return new ApiClient(this.baseUrl, token);
  }

  get(path: string, call?: Call): Promise<Answer> {
    return this.send('GET', path, call);
  }

  post(path: string, body?: unknown, call?: Call): Promise<Answer> {
    return this.send('POST', path, { ...call, body });
  }

  put(path: string, body?: unknown, call?: Call): Promise<Answer> {
    return this.send('PUT', path, { ...call, body });
  }

  patch(path: string, body?: unknown, call?: Call): Promise<Answer> {
    return this.send('PATCH', path, { ...call, body });
  }

  delete(path: string, call?: Call): Promise<Answer> {
    return this.send('DELETE', path, call);
  }

  async send(method: string, path: string, call: Call = {}): Promise<Answer> {
    const token = call.token ?? this.token;
    const raw = call.body instanceof FormData || typeof call.body === 'string';
    const response = await fetch(this.urlOf(path), {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(call.body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined
        ? {}
        : { body: raw ? (call.body as FormData | string) : JSON.stringify(call.body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : undefined,
      text,
    };
  }

  private urlOf(path: string): string {
    const outsidePrefix = ['/health/', '/api/', '/metrics'].some((start) => path.startsWith(start));
    return `${this.baseUrl}${outsidePrefix ? '' : '/api/v1'}${path}`;
  }
}
