import { SettingsError } from '@app/config';

const MIN_THREADS = 16;

/**
 * A running DuckDB query holds one of the native threads that files, name look-ups and password hashes need too. Four,
 * the default, are used up at once; their number is fixed before the first line of the program runs.
 * @throws SettingsError where the process was started with too few
 */
export function requireThreads(given = process.env['UV_THREADPOOL_SIZE']): void {
  if (Number(given ?? 0) >= MIN_THREADS) return;
  throw new SettingsError(
    `UV_THREADPOOL_SIZE: ${given ?? 'not set'}, but at least ${MIN_THREADS} native threads are needed (start with UV_THREADPOOL_SIZE=${MIN_THREADS})`,
  );
}
