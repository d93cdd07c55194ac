import { runInContext } from '@app/logging';
import type { NextFunction, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** Gives the request its id (the caller's, where it is well-formed) and everything it causes the same id. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-ID', requestId);
  const address = request.ip;
  runInContext(address === undefined ? { requestId } : { requestId, address }, next);
}
