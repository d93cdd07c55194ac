import type { Response } from 'express';

/** Says where the thing is that was just made; `path` is below the api's prefix. */
export function setLocation(response: Response, path: string): void {
  response.location(`/api/v1${path}`);
}
