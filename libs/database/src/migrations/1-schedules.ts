/** What begins again by itself; part of the first migration. */
export const SCHEDULES = [
  `CREATE TABLE schedules (
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    timing text NOT NULL,
    timezone text NOT NULL DEFAULT 'UTC',
    next_at timestamptz,
    started_at timestamptz NOT NULL,
    PRIMARY KEY (kind, subject_id)
  )`,
  `CREATE INDEX schedules_next_at ON schedules (next_at) WHERE next_at IS NOT NULL`,
];
