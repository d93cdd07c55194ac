import { Problem } from '@app/problems';
import type { NextFunction, Request, Response } from 'express';
import type { RouteTable } from './route-table.js';

/** 405 with `Allow` where the address answers other methods, else 404. */
export function unmatchedProblem(routes: RouteTable, request: Request, response: Response): Problem {
  // Below the prefix, request.path lacks it.
  const [path = '/'] = request.originalUrl.split('?', 1);
  const allowed = routes.methodsOf(path);
  if (allowed.length === 0 || allowed.includes(request.method)) {
    return new Problem('not_found', 'There is nothing at this address.');
  }
  response.setHeader('Allow', allowed.join(', '));
  return new Problem('method_not_allowed', `${request.method} is not possible here.`);
}

/** Last in line, for addresses outside the prefix that Nest looks after. */
export function unmatched(routes: RouteTable, send: (response: Response, problem: Problem) => void) {
  return (request: Request, response: Response, _next: NextFunction): void => {
    send(response, unmatchedProblem(routes, request, response));
  };
}
