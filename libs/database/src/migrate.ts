import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';

// Any number of processes may start at once; the lock lets one migrate while the others wait.
const MIGRATION_LOCK = 7_362_514;

/**
 * Brings the schema up to date and returns the names of the migrations that ran.
 * Safe to call from several processes at once; a killed run is repeated from where it stood.
 */
export async function migrate(postgresUrl: string): Promise<string[]> {
  const dataSource = await new DataSource({ ...dataSourceOptions(postgresUrl), entities: [] }).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await dataSource.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}
