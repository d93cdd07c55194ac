import { Problem } from '@app/problems';
import { QueryFailedError } from 'typeorm';

const UNIQUE_VIOLATION = '23505';

/** Whether Postgres refused a row because an equal one is there; with a name, because of that very constraint or index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint: violated } = error.driverError as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION && (constraint === undefined || violated === constraint);
}

/**
 * Lets the unique indexes decide, which alone are right under parallel requests.
 * @throws Problem duplicate that names the field, where `work` fails for an equal row
 */
export async function refusingDuplicates<Result>(
  refusal: { field: string; message: string; constraint?: string },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error, refusal.constraint)) throw error;
    throw new Problem('duplicate', refusal.message, {
      fields: { [refusal.field]: [refusal.message] },
      cause: error,
    });
  }
}
