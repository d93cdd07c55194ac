import { Client as PostgresClient, type ClientConfig } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { InitialSchema1764000000000 } from './migrations/1-initial-schema.js';
import { connectionName } from './process-name.js';
import { SnakeNamingStrategy } from './snake-naming-strategy.js';

/** Every schema change there is, in order. Listed rather than globbed, so that a build cannot miss one. */
export const MIGRATIONS = [InitialSchema1764000000000];

/**
 * A connection that dies in the moment between its making and its first use has no listener yet, and its error
 * would end the process. Whoever uses it afterwards is told by the failure of the query.
 */
class Client extends PostgresClient {
  constructor(config: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

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
    applicationName: connectionName,
    extra: { Client, max: 10, options: '-c timezone=UTC -c statement_timeout=30000' },
  } as const satisfies DataSourceOptions;
}
