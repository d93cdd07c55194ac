import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LINKS_AND_BUNDLES } from './1-links-and-bundles.js';
import { NOTIFICATIONS } from './1-notifications.js';
import { OPERATIONS } from './1-operations.js';
import { REPORT_SCHEDULES } from './1-report-schedules.js';
import { SCHEDULES } from './1-schedules.js';
import { SOURCES } from './1-sources.js';
import { WORK } from './1-work.js';

/** Accounts, tenants, data and work: the tables of the first release. */
export class InitialSchema1764000000000 implements MigrationInterface {
  readonly name = 'InitialSchema1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const tables = [
      IDENTITY,
      TENANCY,
      OPERATIONS,
      WORK,
      DATA,
      REPORTS,
      LINKS_AND_BUNDLES,
      SCHEDULES,
      SOURCES,
      NOTIFICATIONS,
      REPORT_SCHEDULES,
    ];
    for (const statement of tables.flat()) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `DROP TABLE report_schedules, deliveries, webhooks, notification_choices, notifications, notices, stream_events, source_objects, source_run_items, source_runs, sources, schedules, links, bundles, reports, profiles, visible_sets, upload_revisions, uploads, datasets, outbox, dead_letters,
        task_failures, tasks, workers, audit_seals, audit_entries, api_keys, stores, members, customers, login_attempts, download_tickets, refresh_tokens, sessions, users`,
    );
    await queryRunner.query('DROP SEQUENCE stream_positions');
    await queryRunner.query('DROP FUNCTION refuse_change, tell_of_task, tell_of_notification');
  }
}

const IDENTITY = [
  `CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    is_admin boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
  // A session is a family of refresh tokens: reuse of a spent one revokes the family.
  `CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
  )`,
  `CREATE INDEX sessions_user_id ON sessions (user_id) WHERE revoked_at IS NULL`,
  `CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
  )`,
  `CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id)`,
  `CREATE TABLE download_tickets (
    ticket_hash text PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    path text NOT NULL,
    expires_at timestamptz NOT NULL
  )`,
  // Counters of the login throttle, in the shape rate-limiter-flexible asks for.
  `CREATE TABLE login_attempts (
    key varchar(255) PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    expire bigint
  )`,
];

const TENANCY = [
  `CREATE TABLE customers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE TABLE members (
    customer_id uuid NOT NULL REFERENCES customers (id),
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL CHECK (role IN ('owner', 'analyst', 'viewer')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer_id, user_id)
  )`,
  `CREATE INDEX members_user_id ON members (user_id)`,
  `CREATE TABLE stores (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    name text NOT NULL,
    code text,
    city text,
    country text,
    timezone text NOT NULL DEFAULT 'UTC',
    currency text,
    latitude double precision,
    longitude double precision,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE UNIQUE INDEX stores_customer_id_code ON stores (customer_id, code) WHERE deleted_at IS NULL`,
  `CREATE INDEX stores_customer_id ON stores (customer_id)`,
  `CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    created_by uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'analyst', 'viewer')),
    key_hash text NOT NULL UNIQUE,
    prefix text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  `CREATE INDEX api_keys_customer_id ON api_keys (customer_id)`,
];

const DATA = [
  `CREATE TABLE datasets (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    store_id uuid REFERENCES stores (id),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    kind text CHECK (kind IN ('transactions', 'shoppers', 'generic')),
    mapping jsonb NOT NULL,
    decisions jsonb NOT NULL,
    derivations jsonb NOT NULL DEFAULT '[]',
    duplicates text NOT NULL DEFAULT 'keep' CHECK (duplicates IN ('keep', 'drop')),
    max_rejected_share double precision CHECK (max_rejected_share BETWEEN 0 AND 1),
    visible_set_id uuid,
    last_ordinal integer NOT NULL DEFAULT 0,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE INDEX datasets_customer_id ON datasets (customer_id)`,
  `CREATE INDEX datasets_store_id ON datasets (store_id)`,
  `CREATE TABLE uploads (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id),
    ordinal integer NOT NULL,
    mode text NOT NULL CHECK (mode IN ('append', 'replace', 'upsert', 'mirror')),
    key_columns text[] NOT NULL DEFAULT '{}',
    options jsonb NOT NULL DEFAULT '{}',
    file_name text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    status text NOT NULL DEFAULT 'queued'
      CHECK (status IN ('queued', 'processing', 'ready', 'failed', 'cancelled')),
    revision integer,
    is_live boolean NOT NULL DEFAULT true,
    encoding text,
    delimiter text,
    error jsonb,
    drift jsonb NOT NULL DEFAULT '[]',
    task_id uuid NOT NULL,
    uploaded_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    ready_at timestamptz,
    deleted_at timestamptz,
    UNIQUE (dataset_id, ordinal)
  )`,
  // The same bytes may be live only once in a customer; this index decides between parallel uploads.
  `CREATE UNIQUE INDEX uploads_live_sha256 ON uploads (customer_id, sha256) WHERE is_live`,
  `CREATE INDEX uploads_dataset_id ON uploads (dataset_id)`,
  // What one successful attempt made of the file. Immutable; the upload names the revision readers use.
  `CREATE TABLE upload_revisions (
    upload_id uuid NOT NULL REFERENCES uploads (id),
    revision integer NOT NULL,
    row_count bigint NOT NULL,
    rejected_count bigint NOT NULL,
    duplicate_count bigint NOT NULL,
    anomaly_count bigint NOT NULL,
    blank_count bigint NOT NULL,
    dialect jsonb NOT NULL,
    columns jsonb NOT NULL,
    roles jsonb NOT NULL,
    manifest jsonb NOT NULL,
    changes jsonb NOT NULL,
    findings jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (upload_id, revision)
  )`,
  // What readers of a dataset see: its ready uploads folded in order. Immutable, so its id is a cache key.
  `CREATE TABLE visible_sets (
    id uuid PRIMARY KEY,
    dataset_id uuid NOT NULL REFERENCES datasets (id),
    uploads jsonb NOT NULL,
    upload_count integer NOT NULL,
    columns jsonb NOT NULL,
    row_count bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX visible_sets_dataset_id ON visible_sets (dataset_id)`,
  `CREATE TABLE profiles (
    visible_set_id uuid PRIMARY KEY REFERENCES visible_sets (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id),
    task_id uuid NOT NULL,
    timezone text NOT NULL,
    row_count bigint NOT NULL,
    columns jsonb NOT NULL,
    distinct_counts jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX profiles_dataset_id_created_at ON profiles (dataset_id, created_at)`,
];

const REPORTS = [
  `CREATE TABLE reports (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    store_id uuid REFERENCES stores (id),
    fingerprint text NOT NULL,
    status text NOT NULL DEFAULT 'queued'
      CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    params jsonb NOT NULL,
    input jsonb NOT NULL,
    outcome jsonb,
    members jsonb,
    continues jsonb,
    children jsonb,
    error jsonb,
    task_id uuid NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    deleted_at timestamptz
  )`,
  // Equal requests make one task, and a finished report answers them: at most one of each fingerprint.
  `CREATE UNIQUE INDEX reports_fingerprint ON reports (customer_id, fingerprint)
    WHERE deleted_at IS NULL AND status IN ('queued', 'running', 'succeeded')`,
  `CREATE INDEX reports_customer_id_created_at ON reports (customer_id, created_at)`,
];
