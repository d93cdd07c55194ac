/** Reports that are made again by themselves. */
export const REPORT_SCHEDULES = [
  // pending_report_id is being made for it; last_report_id was the last one that was looked at, delivered or not.
  `CREATE TABLE report_schedules (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    name text NOT NULL DEFAULT '',
    request jsonb NOT NULL,
    on_new_data boolean NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    pending_report_id uuid,
    last_report_id uuid,
    last_outcome text CHECK (last_outcome IN ('delivered', 'unchanged', 'failed')),
    last_error jsonb,
    last_run_at timestamptz,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE INDEX report_schedules_customer_id ON report_schedules (customer_id) WHERE deleted_at IS NULL`,
  `CREATE INDEX report_schedules_pending ON report_schedules (pending_report_id) WHERE pending_report_id IS NOT NULL`,
];
