import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether `authorization` is the bearer token `expected`; takes the same time for every wrong one. */
export function hasToken(authorization: string | undefined, expected: string | undefined): boolean {
  if (expected === undefined) return false;
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(expected));
}
