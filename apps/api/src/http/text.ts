import { z } from 'zod';

// Postgres stores neither NUL nor half a surrogate pair.
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Text a person types: trimmed, of a bounded length, and such as can be stored. */
export const text = (maxLength: number, minLength = 1) =>
  z
    .string()
    .trim()
    .min(minLength)
    .max(maxLength)
    .refine((value) => !UNSTORABLE.test(value), 'holds characters that cannot be stored');

/** The name of a column, as files have it: spaces count. */
export const columnName = z
  .string()
  .min(1)
  .max(4096)
  .refine((value) => !UNSTORABLE.test(value), 'holds characters that cannot be stored');
