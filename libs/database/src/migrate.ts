import { DataSource } from 'typeorm';
import { ADVISORY_LOCK } from './advisory-locks.js';
import { dataSourceOptions } from './data-source.js';

/**
 * Brings the schema up to date and returns the names of the migrations that ran.
 * Safe to call from several processes at once; a killed run is repeated from where it stood.
 */
export async function migrate(postgresUrl: string): Promise<string[]> {
  const dataSource = await new DataSource({ ...dataSourceOptions(postgresUrl), entities: [] }).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    // Any number of processes may start at once; one migrates while the others wait.
    await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK.migration]);
    const done = await dataSource.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}
