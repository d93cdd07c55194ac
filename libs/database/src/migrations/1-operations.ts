/** Tables of the initial schema that are about running the system: the audit, and who works. */
export const OPERATIONS = [
  // No foreign keys: an audit entry outlives what it tells of.
  `CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL,
    actor_id uuid,
    api_key_id uuid,
    customer_id uuid,
    resource_type text,
    resource_id text,
    request_id text,
    address text,
    details jsonb NOT NULL DEFAULT '{}'
  )`,
  `CREATE INDEX audit_entries_customer_id_at ON audit_entries (customer_id, at)`,
  `CREATE INDEX audit_entries_at ON audit_entries (at)`,
  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$`,
  `CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  // The audit's chain: each seal hashes its entry together with the seal before it, so that a change shows.
  `CREATE TABLE audit_seals (
    position bigint PRIMARY KEY,
    entry_id uuid NOT NULL UNIQUE,
    hash text NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  // Worker processes; each renews its row while it lives.
  `CREATE TABLE workers (
    name text PRIMARY KEY,
    queues text[] NOT NULL,
    concurrency integer NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
  )`,
];
