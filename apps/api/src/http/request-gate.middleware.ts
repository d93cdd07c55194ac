import { counter } from '@app/metrics';
import { Problem } from '@app/problems';
import type { NextFunction, Request, Response } from 'express';

const refused = counter(
  'datacore_requests_refused_total',
  'Requests refused because too many ran, or because the process ends.',
);

const RETRY_SECONDS = 1;
/** Those who watch must see an overloaded process; a stream of events waits most of the time. */
const UNCOUNTED = /^\/(?:health\/(?:live|ready)|metrics)\/?$|\/events\/?$/;

/**
 * Lets `limit` requests be worked on at a time and refuses more at once, before anything is done for them: what waits in
 * memory helps nobody.
 */
export class RequestGate {
  private running = 0;
  private drained: (() => void) | undefined;

  constructor(
    private readonly limit: number,
    private readonly send: (response: Response, problem: Problem) => void,
  ) {}

  /** The middleware. */
  readonly pass = (request: Request, response: Response, next: NextFunction): void => {
    if (UNCOUNTED.test(request.path)) return next();
    if (this.drained !== undefined) {
      response.setHeader('Connection', 'close');
      return this.refuse(response, 'This process is about to end. Please try again.');
    }
    if (this.running >= this.limit)
      return this.refuse(response, 'Too many requests at once. Please try again.');
    this.running += 1;
    response.once('close', () => {
      this.running -= 1;
      if (this.running === 0) this.drained?.();
    });
    next();
  };

  /** Lets none in any more; resolves once all that are inside have been answered. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.drained = resolve;
      if (this.running === 0) resolve();
    });
  }

  private refuse(response: Response, why: string): void {
    refused.inc();
    this.send(response, new Problem('unavailable', why, { retryAfterSeconds: RETRY_SECONDS }));
  }
}
