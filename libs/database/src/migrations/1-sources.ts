/** Places that are pulled by themselves; part of the first migration. */
export const SOURCES = [
  `CREATE TABLE sources (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    store_id uuid REFERENCES stores (id),
    dataset_id uuid NOT NULL REFERENCES datasets (id),
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('s3', 'folder')),
    bucket text,
    prefix text NOT NULL,
    pattern text NOT NULL,
    schedule text,
    timezone text NOT NULL DEFAULT 'UTC',
    mode text NOT NULL CHECK (mode IN ('append', 'replace', 'upsert', 'mirror')),
    key_columns text[] NOT NULL DEFAULT '{}',
    bundle jsonb,
    publish_to jsonb,
    paused boolean NOT NULL DEFAULT false,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE INDEX sources_customer_id ON sources (customer_id)`,
  `CREATE TABLE source_runs (
    id uuid PRIMARY KEY,
    source_id uuid NOT NULL REFERENCES sources (id),
    task_id uuid NOT NULL,
    trigger text NOT NULL CHECK (trigger IN ('schedule', 'request')),
    status text NOT NULL DEFAULT 'queued'
      CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    upload_ids uuid[] NOT NULL DEFAULT '{}',
    counts jsonb,
    output jsonb,
    error jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
  )`,
  // A run never overlaps another of its source, whoever orders it.
  `CREATE UNIQUE INDEX source_runs_open ON source_runs (source_id) WHERE status IN ('queued', 'running')`,
  `CREATE INDEX source_runs_source_id_created_at ON source_runs (source_id, created_at)`,
  // What each run did with an object.
  `CREATE TABLE source_run_items (
    run_id uuid NOT NULL REFERENCES source_runs (id),
    key text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('taken', 'skipped', 'removed')),
    etag text,
    size_bytes bigint,
    reason text,
    message text,
    images integer NOT NULL DEFAULT 0,
    upload_ids uuid[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (run_id, key)
  )`,
  // The objects of a source as they were when they were last dealt with: only others are looked at.
  `CREATE TABLE source_objects (
    source_id uuid NOT NULL REFERENCES sources (id),
    key text NOT NULL,
    etag text NOT NULL,
    size_bytes bigint NOT NULL,
    run_id uuid NOT NULL,
    PRIMARY KEY (source_id, key)
  )`,
];
