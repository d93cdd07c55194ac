/** Links between datasets, and files that were sent together. */
export const LINKS_AND_BUNDLES = [
  // Files of which all are published or none: their uploads have one task.
  `CREATE TABLE bundles (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    name text NOT NULL,
    task_id uuid NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `ALTER TABLE uploads ADD COLUMN bundle_id uuid REFERENCES bundles (id)`,
  `CREATE INDEX uploads_bundle_id ON uploads (bundle_id) WHERE bundle_id IS NOT NULL`,
  // Rows of one dataset point at rows of another by equal values. last_check names the data it is of.
  `CREATE TABLE links (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    name text,
    from_dataset_id uuid NOT NULL REFERENCES datasets (id),
    from_column text NOT NULL,
    to_dataset_id uuid NOT NULL REFERENCES datasets (id),
    to_column text NOT NULL,
    bundle_id uuid REFERENCES bundles (id),
    last_check jsonb,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE UNIQUE INDEX links_columns ON links (from_dataset_id, from_column, to_dataset_id, to_column)
    WHERE deleted_at IS NULL`,
  `CREATE INDEX links_customer_id ON links (customer_id)`,
  `CREATE INDEX links_to_dataset_id ON links (to_dataset_id)`,
];
