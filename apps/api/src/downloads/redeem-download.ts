import { Problem } from '@app/problems';
import type { DownloadTickets } from '@app/users';
import type { NextFunction, Request, Response } from 'express';

export const DOWNLOADS = '/api/v1/downloads/';

/**
 * Turns a request with a ticket into the request that the ticket is for, by its maker. Routes and guards then see
 * nothing unusual, so nothing can be had by a ticket that its maker could not have.
 */
export function redeemDownload(
  tickets: DownloadTickets,
  send: (response: Response, problem: Problem) => void,
) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (request.method !== 'GET' || !request.path.startsWith(DOWNLOADS)) {
      next();
      return;
    }
    try {
      const download = await tickets.redeem(request.path.slice(DOWNLOADS.length));
      if (download === undefined) {
        send(response, new Problem('not_found', 'This address was used already, or is older than a minute.'));
        return;
      }
      request.headers.authorization = `Bearer ${download.accessToken}`;
      request.url = download.path;
      request.originalUrl = download.path;
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Referrer-Policy', 'no-referrer');
      next();
    } catch (cause) {
      send(response, new Problem('unavailable', 'Downloads cannot be had just now.', { cause }));
    }
  };
}
