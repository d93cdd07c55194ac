import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type Environment, environmentSchema } from './environment.js';

/** Everything the apps take from their environment, validated once at start. */
export interface Settings {
  development: boolean;
  logLevel: Environment['LOG_LEVEL'];
  dataDirectory: string;
  api: {
    host: string;
    port: number;
    publicUrl: string | undefined;
    trustProxy: string;
    allowedOrigins: string[];
  };
  worker: { queues: string[]; healthPort: number; concurrency: number };
  accounts: {
    secretKey: string;
    algorithm: Environment['ALGORITHM'];
    accessTokenSeconds: number;
    refreshTokenSeconds: number;
    allowRegistration: boolean;
    firstAdministrator: { email: string; password: string } | undefined;
    loginAttemptsPerAccount: number;
    loginAttemptsPerAddress: number;
  };
  services: { postgresUrl: string; mongoUrl: string; rabbitmqUrl: string; redisUrl: string | undefined };
  files: {
    fallbackEncoding: string;
    maxUploadBytes: number;
    maxDryRunBytes: number;
    maxRecordBytes: number;
    maxCellBytes: number;
    maxColumns: number;
    maxHeaderLength: number;
    maxInflateRatio: number;
    maxArchiveEntries: number;
    frameCacheBytes: number;
  };
  engine: {
    /** DuckDB's own limit in the api and in a worker: a process takes up to two and a half times as much. */
    queryMegabytes: number;
    ingestMegabytes: { usual: number; large: number };
    queriesRunning: number;
    queriesWaiting: number;
    queryWaitSeconds: number;
    exportsOpen: number;
  };
  /** Folders and buckets that customers' sources may use; `{customerId}` in a name stands for theirs. */
  sources: { roots: string[]; buckets: string[] };
  /** The S3 service. With a bucket, uploaded files are kept there. */
  objects: {
    endpoint: string | undefined;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
    bucket: string | undefined;
  };
  tasks: {
    leaseSeconds: number;
    maxAttempts: number;
    maxCrashes: number;
    sweepSeconds: number;
    shutdownGraceSeconds: number;
  };
  mail: { smtpUrl: string | undefined; from: string };
  deliveries: {
    /** Pauses after the first attempt, the second and so on; after the last one nothing is tried again. */
    retrySeconds: number[];
    /** For development: webhooks may lead anywhere, also without TLS. */
    allowPrivateWebhooks: boolean;
  };
  minShoppers: number;
  /** Up to this many shoppers silhouettes are exact, beyond it they are those of a sample. */
  exactSilhouetteShoppers: number;
  /** Threads that compute one report; undefined: one a processor. */
  clusteringThreads: number | undefined;
  operations: {
    /** With it, and without an account, the figures of a process can be read. */
    metricsToken: string | undefined;
    orphanGraceSeconds: number;
    orphanSweepSeconds: number;
  };
  /** Beyond these the api refuses at once, so that what it has accepted is done. The first two are per process. */
  capacity: { requestsInFlight: number; uploadsInFlight: number; openTasksPerCustomer: number };
}

/** Names every setting that is wrong, never its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const DAY_SECONDS = 86_400;
const DEFAULT_ACCESS_TOKEN_SECONDS = 15 * 60;
const MIN_SECRET_BYTES = 32;
const MIN_METRICS_TOKEN = 16;
// What the systems this one replaces shipped as defaults; nobody may run on them.
const KNOWN_SECRETS = [
  '1234567',
  'admin',
  'changeme',
  'guest',
  'minioadmin',
  'password',
  'postgres',
  'secret',
];

/**
 * Reads and checks the environment. Empty values count as not set.
 * @throws SettingsError naming all variables that are missing, malformed or, outside development, weak.
 */
export function loadSettings(source: Record<string, string | undefined> = process.env): Settings {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  const environment = parsed.data;
  const services = serviceUrls(environment);
  const faults = [...missingServices(services), ...halfKeys(environment), ...weakSecrets(environment)];
  if (faults.length > 0) throw new SettingsError(faults.join('; '));
  return toSettings(environment, services as Settings['services']);
}

interface ServiceUrls {
  postgresUrl: string | undefined;
  mongoUrl: string | undefined;
  rabbitmqUrl: string | undefined;
  redisUrl: string | undefined;
}

const login = (user: string | undefined, password: string | undefined): string =>
  user === undefined && password === undefined
    ? ''
    : `${encodeURIComponent(user ?? '')}:${encodeURIComponent(password ?? '')}@`;

/** An URL wins over the single names of the original deployment. */
function serviceUrls(environment: Environment): ServiceUrls {
  const e = environment;
  return {
    postgresUrl:
      e.DATABASE_URL ??
      (e.POSTGRES_HOST &&
        `postgres://${login(e.POSTGRES_USER, e.POSTGRES_PASSWORD)}${e.POSTGRES_HOST}:${e.POSTGRES_PORT}/${e.POSTGRES_DB ?? e.POSTGRES_USER ?? 'postgres'}`),
    mongoUrl:
      e.MONGO_URL ??
      (e.MONGO_HOST &&
        `mongodb://${login(e.MONGO_INITDB_ROOT_USERNAME, e.MONGO_INITDB_ROOT_PASSWORD)}${e.MONGO_HOST}:${e.MONGO_PORT}/${e.MONGO_INITDB_DATABASE}${e.MONGO_INITDB_ROOT_USERNAME === undefined ? '' : '?authSource=admin'}`),
    rabbitmqUrl:
      e.RABBITMQ_URL ??
      (e.RABBITMQ_DEFAULT_HOST &&
        `amqp://${login(e.RABBITMQ_DEFAULT_USER, e.RABBITMQ_DEFAULT_PASS)}${e.RABBITMQ_DEFAULT_HOST}:${e.RABBITMQ_PORTS_1}/${encodeURIComponent(e.RABBITMQ_DEFAULT_VHOST)}`),
    redisUrl:
      e.REDIS_URL ??
      (e.REDIS_HOST &&
        `redis://${e.REDIS_PASSWORD === undefined ? '' : login('', e.REDIS_PASSWORD)}${e.REDIS_HOST}:${e.REDIS_PORT}`),
  };
}

function missingServices(services: ServiceUrls): string[] {
  const needed = {
    DATABASE_URL: services.postgresUrl,
    MONGO_URL: services.mongoUrl,
    RABBITMQ_URL: services.rabbitmqUrl,
  };
  return Object.entries(needed)
    .filter(([, url]) => url === undefined)
    .map(([name]) => `${name}: not set ("npm start" provides the service itself)`);
}

function halfKeys({ S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }: Environment): string[] {
  if ((S3_ACCESS_KEY_ID === undefined) === (S3_SECRET_ACCESS_KEY === undefined)) return [];
  return ['S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: set both or none'];
}

function weakSecrets(environment: Environment): string[] {
  if (environment.DEBUG) return [];
  const faults: string[] = [];
  const { SECRET_KEY, ADMIN_PASSWORD, METRICS_TOKEN } = environment;
  if (SECRET_KEY === undefined) faults.push('SECRET_KEY: not set');
  else if (Buffer.byteLength(SECRET_KEY) < MIN_SECRET_BYTES || new Set(SECRET_KEY).size < 8) {
    faults.push(`SECRET_KEY: weak, needs at least ${MIN_SECRET_BYTES} random bytes ("openssl rand -hex 32")`);
  }
  const secrets = {
    ADMIN_PASSWORD,
    POSTGRES_PASSWORD: environment.POSTGRES_PASSWORD,
    MONGO_INITDB_ROOT_PASSWORD: environment.MONGO_INITDB_ROOT_PASSWORD,
    RABBITMQ_DEFAULT_PASS: environment.RABBITMQ_DEFAULT_PASS,
    REDIS_PASSWORD: environment.REDIS_PASSWORD,
    S3_SECRET_ACCESS_KEY: environment.S3_SECRET_ACCESS_KEY,
  };
  for (const [name, value] of Object.entries(secrets)) {
    if (value !== undefined && KNOWN_SECRETS.includes(value.toLowerCase())) {
      faults.push(`${name}: a well-known default, choose another`);
    }
  }
  if (METRICS_TOKEN !== undefined && METRICS_TOKEN.length < MIN_METRICS_TOKEN)
    faults.push(`METRICS_TOKEN: shorter than ${MIN_METRICS_TOKEN} characters`);
  if (ADMIN_PASSWORD !== undefined && ADMIN_PASSWORD.length < 8)
    faults.push('ADMIN_PASSWORD: shorter than 8 characters');
  return faults;
}

function toSettings(environment: Environment, services: Settings['services']): Settings {
  const e = environment;
  return {
    development: e.DEBUG,
    logLevel: e.LOG_LEVEL,
    dataDirectory: resolve(e.DATA_DIR),
    api: {
      host: e.API_HOST,
      port: e.API_PORT,
      publicUrl: e.PUBLIC_URL,
      trustProxy: e.TRUST_PROXY,
      allowedOrigins: e.CORS_ALLOWED_ORIGINS,
    },
    worker: { queues: e.WORKER_QUEUES, healthPort: e.WORKER_HEALTH_PORT, concurrency: e.WORKER_CONCURRENCY },
    accounts: {
      // Only development comes here without a key: its tokens then end with the process.
      secretKey: e.SECRET_KEY ?? randomBytes(MIN_SECRET_BYTES).toString('hex'),
      algorithm: e.ALGORITHM,
      accessTokenSeconds:
        e.ACCESS_TOKEN_EXPIRE_DAYS === undefined
          ? DEFAULT_ACCESS_TOKEN_SECONDS
          : Math.round(e.ACCESS_TOKEN_EXPIRE_DAYS * DAY_SECONDS),
      refreshTokenSeconds: Math.round(e.REFRESH_TOKEN_EXPIRE_DAYS * DAY_SECONDS),
      allowRegistration: e.ALLOW_REGISTRATION,
      firstAdministrator:
        e.ADMIN_EMAIL !== undefined && e.ADMIN_PASSWORD !== undefined
          ? { email: e.ADMIN_EMAIL, password: e.ADMIN_PASSWORD }
          : undefined,
      loginAttemptsPerAccount: e.LOGIN_ATTEMPTS_PER_ACCOUNT,
      loginAttemptsPerAddress: e.LOGIN_ATTEMPTS_PER_ADDRESS,
    },
    services,
    files: {
      fallbackEncoding: e.ENCODING,
      maxUploadBytes: e.MAX_UPLOAD_BYTES,
      maxDryRunBytes: e.MAX_DRY_RUN_BYTES,
      maxRecordBytes: e.MAX_RECORD_BYTES,
      maxCellBytes: e.MAX_CELL_BYTES,
      maxColumns: e.MAX_COLUMNS,
      maxHeaderLength: e.MAX_HEADER_LENGTH,
      maxInflateRatio: e.MAX_INFLATE_RATIO,
      maxArchiveEntries: e.MAX_ARCHIVE_ENTRIES,
      frameCacheBytes: e.FRAME_CACHE_BYTES,
    },
    engine: {
      queryMegabytes: e.QUERY_MEMORY_MEGABYTES,
      ingestMegabytes: { usual: e.INGEST_MEMORY_MEGABYTES, large: e.LARGE_INGEST_MEMORY_MEGABYTES },
      queriesRunning: e.MAX_QUERIES_RUNNING,
      queriesWaiting: e.MAX_QUERIES_WAITING,
      queryWaitSeconds: e.QUERY_WAIT_SECONDS,
      exportsOpen: e.MAX_EXPORTS_OPEN,
    },
    sources: {
      roots: e.SOURCE_ROOTS.length > 0 ? e.SOURCE_ROOTS : [join(e.DATA_DIR, 'drop')],
      buckets: e.SOURCE_BUCKETS,
    },
    objects: {
      endpoint: e.S3_ENDPOINT,
      region: e.S3_REGION,
      credentials:
        e.S3_ACCESS_KEY_ID === undefined || e.S3_SECRET_ACCESS_KEY === undefined
          ? undefined
          : { accessKeyId: e.S3_ACCESS_KEY_ID, secretAccessKey: e.S3_SECRET_ACCESS_KEY },
      bucket: e.S3_BUCKET,
    },
    tasks: {
      leaseSeconds: e.TASK_LEASE_SECONDS,
      maxAttempts: e.TASK_MAX_ATTEMPTS,
      maxCrashes: e.TASK_MAX_CRASHES,
      sweepSeconds: e.TASK_SWEEP_SECONDS,
      shutdownGraceSeconds: e.SHUTDOWN_GRACE_SECONDS,
    },
    mail: { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM },
    deliveries: {
      retrySeconds: e.DELIVERY_RETRY_SECONDS.split(',').map(Number),
      allowPrivateWebhooks: e.WEBHOOK_ALLOW_PRIVATE,
    },
    minShoppers: e.MIN_SHOPPERS,
    exactSilhouetteShoppers: e.EXACT_SILHOUETTE_SHOPPERS,
    clusteringThreads: e.CLUSTERING_THREADS,
    operations: {
      metricsToken: e.METRICS_TOKEN,
      orphanGraceSeconds: e.ORPHAN_GRACE_SECONDS,
      orphanSweepSeconds: e.ORPHAN_SWEEP_SECONDS,
    },
    capacity: {
      requestsInFlight: e.MAX_REQUESTS_IN_FLIGHT,
      uploadsInFlight: e.MAX_UPLOADS_IN_FLIGHT,
      openTasksPerCustomer: e.MAX_OPEN_TASKS_PER_CUSTOMER,
    },
  };
}
