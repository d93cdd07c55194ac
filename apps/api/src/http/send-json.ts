import type { Response } from 'express';

/** Answers with JSON that is there as text already: what a handler with `passthrough` returns. */
export function sendJson(response: Response, text: string): string {
  response.type('application/json');
  return text;
}
