import { Problem } from '@app/problems';

/** Problems of which the object is innocent: the run as a whole meets them. */
const OF_THE_RUN: readonly string[] = ['unavailable', 'rate_limited', 'internal_error', 'not_found'];

/** Why one object cannot be taken. @throws whatever is no fault of the object */
export function refusalOf(error: unknown): Problem {
  if (error instanceof Problem && !OF_THE_RUN.includes(error.code)) return error;
  throw error;
}

/** What may be well at the next look though the object is the same. */
export const isPassing = ({ code }: Problem): boolean => code === 'conflict';
