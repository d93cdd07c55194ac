/** The machine-readable codes of the HTTP contract and the status each one stands for. */
export const PROBLEM_STATUS = {
  invalid_parameter: 400,
  authentication_required: 401,
  invalid_token: 401,
  invalid_credentials: 401,
  permission_denied: 403,
  not_found: 404,
  method_not_allowed: 405,
  duplicate: 409,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  archive_rejected: 422,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

export interface ProblemOptions {
  /** Messages by field name, for answers that concern single parameters. */
  fields?: Record<string, string[]>;
  /** Further members of the answer, such as `uploadId` of a duplicate (RFC 9457 §3.2). */
  extensions?: Record<string, unknown>;
  /** Seconds after which the caller may try again; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  cause?: unknown;
}

/**
 * A failure whose `detail` may be shown to the caller (RFC 9457). Thrown anywhere below a controller it
 * becomes the answer; thrown in a task it ends the task for good, as repeating it would not help.
 */
export class Problem extends Error {
  readonly status: number;
  readonly fields: Record<string, string[]>;
  readonly extensions: Record<string, unknown>;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'Problem';
    this.status = PROBLEM_STATUS[code];
    this.fields = options.fields ?? {};
    this.extensions = options.extensions ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** 400 for one named parameter. */
export const invalidParameter = (field: string, message: string): Problem =>
  new Problem('invalid_parameter', `${field}: ${message}`, { fields: { [field]: [message] } });

/** 404, also for what the caller may not see. */
export const notFound = (what: string): Problem => new Problem('not_found', `There is no such ${what}.`);
