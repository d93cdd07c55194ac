/** Tables of asynchronous work; part of the first migration. */
export const WORK = [
  // The truth about asynchronous work. fence grows by one with every claim; only its holder may publish.
  `CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'queued'
      CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    customer_id uuid NOT NULL REFERENCES customers (id),
    dataset_id uuid,
    upload_id uuid,
    report_id uuid,
    payload jsonb NOT NULL DEFAULT '{}',
    progress jsonb,
    result jsonb,
    error jsonb,
    note text,
    priority integer NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL,
    crashes integer NOT NULL DEFAULT 0,
    fence integer NOT NULL DEFAULT 0,
    lease_owner text,
    lease_until timestamptz,
    run_at timestamptz NOT NULL DEFAULT now(),
    announced_at timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    request_id text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    deleted_at timestamptz
  )`,
  `CREATE INDEX tasks_customer_id_created_at ON tasks (customer_id, created_at)`,
  `CREATE INDEX tasks_open ON tasks (run_at) WHERE status IN ('queued', 'running')`,
  `CREATE INDEX tasks_dataset_id ON tasks (dataset_id)`,
  `CREATE INDEX tasks_open_customer_id ON tasks (customer_id) WHERE status IN ('queued', 'running')`,
  // When a customer was last served, and what runs of it: the turns between customers follow from these.
  `CREATE INDEX tasks_turns ON tasks (customer_id, kind, claimed_at)`,
  `CREATE INDEX tasks_running ON tasks (customer_id, kind) WHERE status = 'running'`,
  // Attempts that did not succeed, for whoever wonders why a task was parked.
  `CREATE TABLE task_failures (
    task_id uuid NOT NULL REFERENCES tasks (id),
    fence integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('failed', 'crashed')),
    error jsonb,
    cause text,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, fence)
  )`,
  // Work that stopped and waits for somebody: parked tasks, and messages that no worker could read.
  `CREATE TABLE dead_letters (
    id uuid PRIMARY KEY,
    queue text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('poison', 'attempts_used_up', 'not_a_message')),
    task_id uuid REFERENCES tasks (id),
    content bytea,
    size_bytes integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz
  )`,
  `CREATE UNIQUE INDEX dead_letters_task_id ON dead_letters (task_id) WHERE resolved_at IS NULL`,
  `CREATE INDEX dead_letters_open ON dead_letters (created_at) WHERE resolved_at IS NULL`,
  `CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL,
    message jsonb NOT NULL,
    request_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz
  )`,
  `CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL`,
];
