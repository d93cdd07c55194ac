import { histogram } from '@app/metrics';
import type { NextFunction, Request, Response } from 'express';

const durations = histogram(
  'datacore_http_request_seconds',
  'Time until an answer was sent, by route.',
  ['method', 'route', 'status'],
  [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
);
const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Routes, never paths: those hold ids and whatever a stranger asks for. */
export function requestMetrics(request: Request, response: Response, next: NextFunction): void {
  const stop = durations.startTimer();
  response.once('close', () => {
    const route = (request.route as { path?: unknown } | undefined)?.path;
    stop({
      method: KNOWN_METHODS.includes(request.method) ? request.method : 'other',
      route: typeof route === 'string' ? route : 'none',
      status: `${Math.floor(response.statusCode / 100)}xx`,
    });
  });
  next();
}
