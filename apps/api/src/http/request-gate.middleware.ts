import { counter } from '@app/metrics';
import { Problem } from '@app/problems';
import type { NextFunction, Request, Response } from 'express';

const refused = counter('datacore_requests_refused_total', 'Requests refused because too many ran.');

const RETRY_SECONDS = 1;
/** Those who watch must see an overloaded process; a stream of events waits most of the time. */
const UNCOUNTED = /^\/(?:health\/(?:live|ready)|metrics)\/?$|\/events\/?$/;

/**
 * Lets `limit` requests be worked on at a time and refuses more at once, before anything is done for them: what waits in
 * memory helps nobody.
 */
export function requestGate(limit: number, send: (response: Response, problem: Problem) => void) {
  let running = 0;
  return (request: Request, response: Response, next: NextFunction): void => {
    if (UNCOUNTED.test(request.path)) return next();
    if (running >= limit) {
      refused.inc();
      send(
        response,
        new Problem('unavailable', 'Too many requests at once. Please try again.', {
          retryAfterSeconds: RETRY_SECONDS,
        }),
      );
      return;
    }
    running += 1;
    response.once('close', () => {
      running -= 1;
    });
    next();
  };
}
