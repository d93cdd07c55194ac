import type { Logger } from '@app/logging';
import type { NextFunction, Request, Response } from 'express';

/** One line for each answered request: no query string and no body, as both may hold personal data. */
export function requestLog(logger: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const start = performance.now();
    // Middleware and routers rewrite request.url on the way; the log wants what the client asked for.
    const { method, path } = request;
    response.once('close', () => {
      logger.info(
        {
          method,
          path,
          status: response.statusCode,
          milliseconds: Math.round(performance.now() - start),
          ...(response.writableFinished ? {} : { aborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
