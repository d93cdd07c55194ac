import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { isDatabaseOutage } from '@app/database';
import { FrameStoreUnavailable } from '@app/frames';
import { LOGGER, type Logger, currentContext } from '@app/logging';
import { PROBLEM_STATUS, Problem, type ProblemCode } from '@app/problems';
import type { Request, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { RouteTable } from './route-table.js';
import { unmatchedProblem } from './unmatched.js';

const OUTAGE_RETRY_SECONDS = 5;

const CODE_OF_STATUS = new Map<number, ProblemCode>([
  [400, 'invalid_parameter'],
  [401, 'authentication_required'],
  [403, 'permission_denied'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [409, 'conflict'],
  [413, 'payload_too_large'],
  [415, 'unsupported_media_type'],
  [422, 'unprocessable'],
  [429, 'rate_limited'],
  [503, 'unavailable'],
]);

/** What body-parser and the like throw: an error with a status that is the client's fault. */
interface ClientError extends Error {
  status: number;
  type?: string;
}

const isClientError = (error: unknown): error is ClientError =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;

/** Turns everything thrown into an RFC 9457 answer; what is not meant for the caller is logged, not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = this.toProblem(error, request, response);
    if (isFault(problem)) this.logger.error({ err: problem.cause ?? problem }, 'request failed');
    if (response.headersSent) {
      // A stream broke half-way: cutting the connection is the only honest sign left.
      response.destroy();
      return;
    }
    sendProblem(response, problem);
  }

  private toProblem(error: unknown, request: Request, response: Response): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof HttpException) return this.fromHttpException(error, request, response);
    if (isClientError(error)) return fromClientError(error);
    if (isDatabaseOutage(error) || error instanceof FrameStoreUnavailable) return outage(error);
    return new Problem('internal_error', 'Something went wrong on our side.', { cause: error });
  }

  private fromHttpException(error: HttpException, request: Request, response: Response): Problem {
    const status = error.getStatus();
    if (status === 404) return unmatchedProblem(this.routes, request, response);
    const code = CODE_OF_STATUS.get(status) ?? 'internal_error';
    if (code === 'internal_error') {
      return new Problem(code, 'Something went wrong on our side.', { cause: error });
    }
    return new Problem(code, error.message);
  }
}

/** A refusal for want of room is no fault: its line in the log of requests is enough, and all there is time for. */
const isFault = ({ code, status, cause }: Problem): boolean =>
  status >= 500 && !(code === 'unavailable' && cause === undefined);

const outage = (cause: unknown): Problem =>
  new Problem('unavailable', 'The data cannot be reached just now. Please try again.', {
    retryAfterSeconds: OUTAGE_RETRY_SECONDS,
    cause,
  });

function fromClientError(error: ClientError): Problem {
  if (error.status === 413) return new Problem('payload_too_large', 'The request body is too large.');
  if (error.type === 'entity.parse.failed') {
    return new Problem('invalid_parameter', 'The request body is not valid JSON.');
  }
  return new Problem(CODE_OF_STATUS.get(error.status) ?? 'invalid_parameter', 'The request is malformed.');
}

/** Writes the answer; also used by middleware that runs before Nest's filters. */
export function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryAfterSeconds !== undefined) {
    response.setHeader('Retry-After', Math.max(1, Math.ceil(problem.retryAfterSeconds)));
  }
  response
    .status(PROBLEM_STATUS[problem.code])
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[problem.status],
        status: problem.status,
        detail: problem.detail,
        code: problem.code,
        requestId: currentContext()?.requestId,
        fields: problem.fields,
        ...problem.extensions,
      }),
    );
}
