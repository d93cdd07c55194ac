import { z } from 'zod';

const text = z.string().trim();
const secret = z.string();
const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();
const flag = z.string().transform((value) => ['1', 'true', 'yes', 'on'].includes(value.toLowerCase()));
const list = text.transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** Every environment variable the apps read. `.env.example` explains each; a test holds the two together. */
export const environmentSchema = z.object({
  // Running
  DEBUG: flag.default(false),
  // The original deployment writes Python's names: INFO, WARNING, CRITICAL.
  LOG_LEVEL: text
    .toLowerCase()
    .transform((level) => ({ warning: 'warn', critical: 'fatal' })[level] ?? level)
    .pipe(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']))
    .default('info'),
  API_HOST: text.default('0.0.0.0'),
  API_PORT: port.default(8000),
  PUBLIC_URL: z.url().optional(),
  TRUST_PROXY: text.default(''),
  CORS_ALLOWED_ORIGINS: list.default([]),
  DATA_DIR: text.default('.data'),
  WORKER_QUEUES: list.default([]),
  WORKER_HEALTH_PORT: port.default(0),
  WORKER_CONCURRENCY: positive.max(16).default(1),

  // Accounts
  SECRET_KEY: secret.optional(),
  ALGORITHM: z.enum(['HS256', 'HS384', 'HS512']).default('HS256'),
  ACCESS_TOKEN_EXPIRE_DAYS: z.coerce.number().positive().optional(),
  REFRESH_TOKEN_EXPIRE_DAYS: z.coerce.number().positive().default(7),
  ALLOW_REGISTRATION: flag.default(false),
  ADMIN_EMAIL: z.email().optional(),
  ADMIN_PASSWORD: secret.optional(),
  LOGIN_ATTEMPTS_PER_ACCOUNT: positive.default(5),
  LOGIN_ATTEMPTS_PER_ADDRESS: positive.default(30),

  // Backing services
  DATABASE_URL: text.optional(),
  POSTGRES_HOST: text.optional(),
  POSTGRES_PORT: port.default(5432),
  POSTGRES_USER: text.optional(),
  POSTGRES_PASSWORD: secret.optional(),
  POSTGRES_DB: text.optional(),
  MONGO_URL: text.optional(),
  MONGO_HOST: text.optional(),
  MONGO_PORT: port.default(27_017),
  MONGO_INITDB_ROOT_USERNAME: text.optional(),
  MONGO_INITDB_ROOT_PASSWORD: secret.optional(),
  MONGO_INITDB_DATABASE: text.default('datacore'),
  RABBITMQ_URL: text.optional(),
  RABBITMQ_DEFAULT_HOST: text.optional(),
  RABBITMQ_PORTS_1: port.default(5672),
  RABBITMQ_DEFAULT_USER: text.optional(),
  RABBITMQ_DEFAULT_PASS: secret.optional(),
  RABBITMQ_DEFAULT_VHOST: text.default('/'),
  REDIS_URL: text.optional(),
  REDIS_HOST: text.optional(),
  REDIS_PORT: port.default(6379),
  REDIS_PASSWORD: secret.optional(),

  // Files
  ENCODING: text.default('windows-1252'),
  MAX_UPLOAD_BYTES: positive.default(2 * 1024 ** 3),
  MAX_DRY_RUN_BYTES: positive.default(100 * 1024 ** 2),
  MAX_RECORD_BYTES: positive.max(4 * 1024 ** 2).default(4 * 1024 ** 2),
  MAX_CELL_BYTES: positive.default(1024 ** 2),
  MAX_COLUMNS: positive.default(2000),
  MAX_HEADER_LENGTH: positive.default(256),
  MAX_INFLATE_RATIO: positive.default(100),
  MAX_ARCHIVE_ENTRIES: positive.default(20_000),
  FRAME_CACHE_BYTES: positive.default(4 * 1024 ** 3),

  // Questions
  QUERY_MEMORY_MEGABYTES: positive.min(64).default(512),
  INGEST_MEMORY_MEGABYTES: positive.min(128).default(200),
  LARGE_INGEST_MEMORY_MEGABYTES: positive.min(128).default(400),
  MAX_QUERIES_RUNNING: positive.max(8).default(2),
  MAX_QUERIES_WAITING: positive.default(20),
  QUERY_WAIT_SECONDS: positive.default(5),
  MAX_EXPORTS_OPEN: positive.default(20),
  // Files of others
  SOURCE_ROOTS: list.default([]),
  SOURCE_BUCKETS: list.default([]),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: text.default('us-east-1'),
  S3_ACCESS_KEY_ID: text.optional(),
  S3_SECRET_ACCESS_KEY: secret.optional(),
  S3_BUCKET: text.optional(),

  // Work
  TASK_LEASE_SECONDS: positive.default(30),
  TASK_MAX_ATTEMPTS: positive.default(8),
  TASK_MAX_CRASHES: positive.default(4),
  TASK_SWEEP_SECONDS: positive.default(2),
  SHUTDOWN_GRACE_SECONDS: positive.default(25),
  MIN_SHOPPERS: positive.default(10),
  EXACT_SILHOUETTE_SHOPPERS: positive.min(100).max(200_000).default(25_000),
  CLUSTERING_THREADS: positive.max(64).optional(),

  // Notifications
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: text.default('DataCore <datacore@localhost>'),
  DELIVERY_RETRY_SECONDS: text
    .regex(/^\d{1,6}(,\d{1,6}){0,49}$/, 'whole numbers of seconds, separated by commas')
    .default('5,300,1800,7200,18000,36000,50400,72000,86400'),
  WEBHOOK_ALLOW_PRIVATE: flag.default(false),

  // Operations
  METRICS_TOKEN: secret.optional(),
  ORPHAN_GRACE_SECONDS: positive.min(60).default(24 * 60 * 60),
  ORPHAN_SWEEP_SECONDS: positive.default(60 * 60),
  MAX_REQUESTS_IN_FLIGHT: positive.default(512),
  MAX_UPLOADS_IN_FLIGHT: positive.default(32),
  MAX_OPEN_TASKS_PER_CUSTOMER: positive.default(10_000),
});

export type Environment = z.infer<typeof environmentSchema>;
