/** What the api answered instead of a result: RFC 9457 with a code that programs can tell apart. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** `not_found`, `duplicate`, … as the contract lists them. */
  readonly code: string;
  /** Names the request in the logs of the operator. */
  readonly requestId: string | undefined;
  /** Faults of single fields of the request. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Everything that was answered, such as `uploadId` of a duplicate. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds after which to try again, where the api says so. */
  readonly retryAfter: number | undefined;

  constructor(response: Response, body: unknown) {
    const problem = isRecord(body) ? body : {};
    super(text(problem['detail']) ?? text(problem['title']) ?? `The api answered ${response.status}.`);
    this.status = response.status;
    this.code = text(problem['code']) ?? 'unknown';
    this.requestId = text(problem['requestId']) ?? response.headers.get('X-Request-ID') ?? undefined;
    this.fields = isRecord(problem['fields']) ? (problem['fields'] as Record<string, string[]>) : {};
    this.body = problem;
    const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
    this.retryAfter = Number.isFinite(seconds) ? seconds : undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
