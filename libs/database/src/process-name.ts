import { randomUUID } from 'node:crypto';

/** Of this process among all that ever run. */
export const processId = randomUUID();

const PREFIX = 'datacore ';

/** As which Postgres knows the connections of this process. */
export const connectionName = `${PREFIX}${processId}`;

/**
 * SQL: whether a process has no connection to Postgres any more, as one that was killed. Not said of anybody in the first
 * seconds of a server, in which all of them connect anew.
 * @param id SQL of its {@link processId}
 */
export const hasGone = (id: string): string =>
  `(pg_postmaster_start_time() < now() - interval '10 seconds' AND NOT EXISTS (` +
  `SELECT 1 FROM pg_stat_activity WHERE application_name = '${PREFIX}' || ${id}))`;
