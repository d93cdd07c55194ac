/** What happened, who is told of it and how, and the stream in which clients hear of it. */
export const NOTIFICATIONS = [
  // Something that happened at a customer, once; the key keeps a repeated transaction from saying it again.
  `CREATE TABLE notices (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    type text NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    dataset_id uuid,
    upload_id uuid,
    report_id uuid,
    task_id uuid,
    data jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (customer_id, key)
  )`,
  // A notice as one user finds it in the application.
  `CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notices (id),
    customer_id uuid NOT NULL REFERENCES customers (id),
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    UNIQUE (notice_id, user_id)
  )`,
  `CREATE INDEX notifications_user_id_created_at ON notifications (user_id, created_at)`,
  `CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL`,
  // Channels by type of notice: a user's own choice, and without a user that of the whole customer.
  `CREATE TABLE notification_choices (
    customer_id uuid NOT NULL REFERENCES customers (id),
    user_id uuid REFERENCES users (id),
    choices jsonb NOT NULL
  )`,
  `CREATE UNIQUE INDEX notification_choices_of_user ON notification_choices (customer_id, user_id)
    WHERE user_id IS NOT NULL`,
  `CREATE UNIQUE INDEX notification_choices_of_customer ON notification_choices (customer_id)
    WHERE user_id IS NULL`,
  // previous_secret signs too until previous_until, so that receivers can change over.
  `CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    url text NOT NULL,
    description text NOT NULL DEFAULT '',
    events text[] NOT NULL,
    secret text NOT NULL,
    previous_secret text,
    previous_until timestamptz,
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
  )`,
  `CREATE INDEX webhooks_customer_id ON webhooks (customer_id) WHERE deleted_at IS NULL`,
  // A notice on its way to one address. The task does it; this row is what came of it.
  `CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    notice_id uuid NOT NULL REFERENCES notices (id),
    channel text NOT NULL CHECK (channel IN ('email', 'webhook')),
    user_id uuid REFERENCES users (id),
    webhook_id uuid REFERENCES webhooks (id),
    task_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts jsonb NOT NULL DEFAULT '[]',
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (notice_id, webhook_id),
    UNIQUE (notice_id, user_id)
  )`,
  `CREATE INDEX deliveries_webhook_id_created_at ON deliveries (webhook_id, created_at)`,
  // What clients that listen are told, as rows of the transaction in which it happened. Numbers are drawn before a
  // commit, so that a lower one can come into sight after a higher one; position is given afterwards, in the order of sight.
  `CREATE TABLE stream_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position bigint UNIQUE,
    customer_id uuid NOT NULL,
    user_id uuid,
    kind text NOT NULL CHECK (kind IN ('task', 'notification')),
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX stream_events_unplaced ON stream_events (id) WHERE position IS NULL`,
  `CREATE INDEX stream_events_customer_id ON stream_events (customer_id, position)`,
  `CREATE INDEX stream_events_created_at ON stream_events (created_at)`,
  `CREATE SEQUENCE stream_positions AS bigint`,
  `CREATE FUNCTION tell_of_task() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      INSERT INTO stream_events (customer_id, kind, subject_id) VALUES (NEW.customer_id, 'task', NEW.id);
      RETURN NULL;
    END $$`,
  `CREATE TRIGGER tasks_ordered AFTER INSERT ON tasks
    FOR EACH ROW WHEN (NEW.kind <> 'delivery') EXECUTE FUNCTION tell_of_task()`,
  `CREATE TRIGGER tasks_changed AFTER UPDATE OF status ON tasks
    FOR EACH ROW WHEN (NEW.kind <> 'delivery' AND NEW.status <> OLD.status) EXECUTE FUNCTION tell_of_task()`,
  `CREATE FUNCTION tell_of_notification() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      INSERT INTO stream_events (customer_id, user_id, kind, subject_id)
        VALUES (NEW.customer_id, NEW.user_id, 'notification', NEW.id);
      RETURN NULL;
    END $$`,
  `CREATE TRIGGER notifications_added AFTER INSERT ON notifications
    FOR EACH ROW EXECUTE FUNCTION tell_of_notification()`,
];
