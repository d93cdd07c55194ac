import type { DataSourceOptions } from 'typeorm';
import { InitialSchema1764000000000 } from './migrations/1-initial-schema.js';
import { SnakeNamingStrategy } from './snake-naming-strategy.js';

/** Every schema change there is, in order. Listed rather than globbed, so that a build cannot miss one. */
export const MIGRATIONS = [InitialSchema1764000000000];

/** How both apps and the migration command reach Postgres. The schema is only ever changed by migrations. */
export function dataSourceOptions(postgresUrl: string) {
  return {
    type: 'postgres',
    url: postgresUrl,
    synchronize: false,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNamingStrategy(),
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    connectTimeoutMS: 5000,
    extra: { max: 10, options: '-c timezone=UTC -c statement_timeout=30000' },
  } as const satisfies DataSourceOptions;
}
