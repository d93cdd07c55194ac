import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { ApiClient } from './api-client.js';
import { AppProcess } from './app-process.js';
import { Factory, type SignedInUser } from './factory.js';
import { createDatabases } from './databases.js';

export { type Answer, ApiClient } from './api-client.js';
export { expectStatus, type SignedInUser, type Tenant, unique } from './factory.js';
export { until } from './until.js';

const API = fileURLToPath(new URL('../../../dist/apps/api/src/main.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../../../dist/apps/ingest-worker/src/main.js', import.meta.url));

export interface System {
  baseUrl: string;
  /** The api, anonymously. */
  api: ApiClient;
  /** The first administrator, signed in. */
  admin: SignedInUser;
  make: Factory;
  /** The system's own database, for looking at what no answer shows. */
  database: Pool;
  dataDirectory: string;
  apiProcess: AppProcess;
  workers: AppProcess[];
  /** What the apps were started with, for starting more of them. */
  environment: Record<string, string>;
  startWorker(env?: Record<string, string>): Promise<AppProcess>;
  /** SIGKILL. */
  killWorker(index?: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The built api and any number of workers as child processes on free ports, with a Postgres database, a
 * MongoDB database and a data directory of their own. The broker is shared by all systems, which is harmless:
 * a message only holds a task id, and one of another system's is unknown and gets acknowledged. Spec files
 * run one after the other, so no foreign worker takes a wake-up away.
 */
export async function startSystem(
  options: { workers?: number; env?: Record<string, string> } = {},
): Promise<System> {
  const databases = await createDatabases();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'datacore-e2e-'));
  const administrator = {
    email: 'administrator@example.com',
    password: `first-${randomBytes(8).toString('hex')}`,
  };
  const environment: Record<string, string> = {
    ...inherited(['PATH', 'HOME', 'RABBITMQ_URL', 'REDIS_URL', 'NAPI_RS_NATIVE_LIBRARY_PATH']),
    DATABASE_URL: databases.postgresUrl,
    MONGO_URL: databases.mongoUrl,
    DATA_DIR: dataDirectory,
    SECRET_KEY: randomBytes(32).toString('hex'),
    ADMIN_EMAIL: administrator.email,
    ADMIN_PASSWORD: administrator.password,
    API_HOST: '127.0.0.1',
    API_PORT: '0',
    WORKER_HEALTH_PORT: '0',
    UV_THREADPOOL_SIZE: '16',
    MALLOC_ARENA_MAX: '2',
    ...options.env,
  };
  const running: AppProcess[] = [];
  const workers: AppProcess[] = [];
  const startWorker = async (env: Record<string, string> = {}): Promise<AppProcess> => {
    const worker = await AppProcess.start('worker', WORKER, {
      ...environment,
      MALLOC_ARENA_MAX: '1',
      ...env,
    });
    running.push(worker.process);
    workers.push(worker.process);
    return worker.process;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((process) => process.stop()));
    await databases.drop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    const api = await AppProcess.start('api', API, environment);
    running.push(api.process);
    for (let count = 0; count < (options.workers ?? 0); count += 1) await startWorker();
    const anonymous = new ApiClient(api.url);
    const admin = await new Factory(anonymous, anonymous).signIn(administrator.email, administrator.password);
    return {
      baseUrl: api.url,
      api: anonymous,
      admin,
      make: new Factory(anonymous, admin.api),
      database: databases.postgres,
      dataDirectory,
      apiProcess: api.process,
      workers,
      environment,
      startWorker,
      async killWorker(index = 0) {
        const [worker] = workers.splice(index, 1);
        if (worker === undefined) throw new Error(`there is no worker ${index}`);
        await worker.kill();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const inherited = (names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
