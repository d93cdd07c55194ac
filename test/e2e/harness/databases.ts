import { migrate } from '@app/database';
import mongoose from 'mongoose';
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';

/** A Postgres and a MongoDB database of one system alone, gone with it. */
export interface OwnDatabases {
  postgresUrl: string;
  mongoUrl: string;
  postgres: Pool;
  drop(): Promise<void>;
}

const serviceUrl = (name: string): string => {
  const url = process.env[name];
  if (url === undefined) throw new Error(`${name} is not set: run through "npm run test:e2e"`);
  return url;
};

const withDatabase = (serverUrl: string, database: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
};

/** Creates and migrates them on the servers whose URLs are in the environment. */
export async function createDatabases(): Promise<OwnDatabases> {
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  const server = new Pool({ connectionString: serviceUrl('DATABASE_URL'), max: 1 });
  // Tests take the server away; what they do to idle connections is no failure of theirs.
  server.on('error', () => undefined);
  server.on('connect', (client) => client.on('error', () => undefined));
  await server.query(`CREATE DATABASE ${name}`);
  const postgresUrl = withDatabase(serviceUrl('DATABASE_URL'), name);
  const mongoUrl = withDatabase(serviceUrl('MONGO_URL'), name);
  await migrate(postgresUrl);
  const postgres = new Pool({ connectionString: postgresUrl, max: 2 });
  // A connection may still be closing when the database is dropped with force.
  postgres.on('error', () => undefined);
  postgres.on('connect', (client) => client.on('error', () => undefined));
  return {
    postgresUrl,
    mongoUrl,
    postgres,
    async drop() {
      await postgres.end();
      await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await server.end();
      const mongo = await mongoose.createConnection(mongoUrl).asPromise();
      await mongo.dropDatabase();
      await mongo.close();
    },
  };
}
