import { createHash } from 'node:crypto';

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

/** To be raised with every change that may give other segments for the same data and parameters. */
export const ALGORITHM_VERSION = 6;

/** JSON with the members of every object in order, so that equal values have equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value as Record<string, Json>)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** SHA-256, hexadecimal, of what decides the answer: data, parameters and the algorithm's version. */
export const fingerprintOf = (subject: object): string =>
  createHash('sha256')
    .update(canonicalJson({ algorithm: ALGORITHM_VERSION, subject: subject as Json }))
    .digest('hex');
