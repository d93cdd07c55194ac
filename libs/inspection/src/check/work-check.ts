import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import type { EntityManager } from 'typeorm';
import { type Difference, difference, type DifferenceKind, type Finding } from './difference.js';

const OUTBOX_OVERDUE_SECONDS = 60;
/** A lease that ran out so many leases ago was found by nobody. */
const LEASES = 4;

/** Each names rows that cannot be, with a sentence about each. `$1`: seconds after which a lease is abandoned. */
const RULES: Partial<Record<DifferenceKind, string>> = {
  upload_stuck: `
    SELECT u.id, 'the upload is ' || u.status || ', its task ' || coalesce(t.status, 'does not exist') AS detail
      FROM uploads u LEFT JOIN tasks t ON t.id = u.task_id
     WHERE u.deleted_at IS NULL AND u.status IN ('queued', 'processing')
       AND coalesce(t.status, 'missing') NOT IN ('queued', 'running')
       AND NOT EXISTS (SELECT 1 FROM upload_revisions r WHERE r.upload_id = u.id)`,
  upload_unread: `
    SELECT u.id, 'ready, but without the reading ' || coalesce(u.revision::text, 'that it should name') AS detail
      FROM uploads u LEFT JOIN upload_revisions r ON r.upload_id = u.id AND r.revision = u.revision
     WHERE u.deleted_at IS NULL AND u.status = 'ready' AND r.upload_id IS NULL`,
  report_stuck: `
    SELECT p.id, 'the report is ' || p.status || ', its task ' || coalesce(t.status, 'does not exist') AS detail
      FROM reports p LEFT JOIN tasks t ON t.id = p.task_id
     WHERE p.deleted_at IS NULL AND p.status IN ('queued', 'running')
       AND coalesce(t.status, 'missing') NOT IN ('queued', 'running')`,
  report_without_members: `
    SELECT id, 'succeeded, but without members' AS detail
      FROM reports WHERE deleted_at IS NULL AND status = 'succeeded' AND members IS NULL`,
  task_abandoned: `
    SELECT id, kind || ' under the lease of ' || coalesce(lease_owner, 'nobody') || ' until ' || coalesce(lease_until::text, 'never')
           AS detail
      FROM tasks WHERE status = 'running' AND coalesce(lease_until, started_at) < now() - make_interval(secs => $1)`,
  outbox_stuck: `
    SELECT id::text, 'for ' || queue || ', since ' || created_at AS detail
      FROM outbox WHERE sent_at IS NULL AND created_at < now() - make_interval(secs => ${OUTBOX_OVERDUE_SECONDS})`,
  visible_set_wrong: `
    WITH ready AS (
      SELECT u.dataset_id, u.id, u.revision, u.ordinal, u.mode FROM uploads u
       WHERE u.status = 'ready' AND u.deleted_at IS NULL),
    expected AS (
      SELECT r.dataset_id, jsonb_agg(jsonb_build_array(r.id, r.revision) ORDER BY r.ordinal) AS uploads FROM ready r
       WHERE r.ordinal >= coalesce((SELECT max(h.ordinal) FROM ready h
                                     WHERE h.dataset_id = r.dataset_id AND h.mode IN ('replace', 'mirror')), 0)
       GROUP BY r.dataset_id),
    shown AS (
      SELECT v.id, v.dataset_id, v.row_count, v.upload_count,
             jsonb_agg(jsonb_build_array(e.value ->> 'uploadId', (e.value ->> 'revision')::int) ORDER BY e.ordinality)
               FILTER (WHERE e.value IS NOT NULL) AS uploads,
             coalesce(sum((e.value ->> 'rowCount')::bigint - coalesce((e.value -> 'superseded' ->> 'rowCount')::bigint, 0)), 0)
               AS sum_of_rows
        FROM visible_sets v LEFT JOIN LATERAL jsonb_array_elements(v.uploads) WITH ORDINALITY AS e ON true
       WHERE v.id IN (SELECT visible_set_id FROM datasets WHERE deleted_at IS NULL)
       GROUP BY v.id)
    SELECT d.id, CASE
        WHEN d.visible_set_id IS NOT NULL AND s.id IS NULL THEN 'what it shows does not exist'
        WHEN s.row_count <> s.sum_of_rows THEN 'it shows ' || s.row_count || ' rows, its uploads ' || s.sum_of_rows
        ELSE 'it shows other uploads than those that are ready' END AS detail
      FROM datasets d
      LEFT JOIN expected x ON x.dataset_id = d.id
      LEFT JOIN shown s ON s.id = d.visible_set_id AND s.dataset_id = d.id
     WHERE d.deleted_at IS NULL
       AND (x.uploads IS DISTINCT FROM s.uploads OR s.row_count <> s.sum_of_rows
            OR (d.visible_set_id IS NOT NULL AND s.id IS NULL))`,
};

/** Rows of Postgres against each other: whether everything that was ordered is done, or still on its way. */
@Injectable()
export class WorkCheck {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async run(): Promise<Finding> {
    const differences: Difference[] = [];
    for (const [kind, sql] of Object.entries(RULES) as [DifferenceKind, string][]) {
      const values = sql.includes('$1') ? [this.settings.tasks.leaseSeconds * LEASES] : [];
      const rows = await this.manager.query<{ id: string; detail: string }[]>(sql, values);
      differences.push(...rows.map(({ id, detail }) => difference(kind, id, detail)));
    }
    const [counted] = await this.manager.query<Record<string, number>[]>(
      `SELECT (SELECT count(*)::int FROM datasets WHERE deleted_at IS NULL) AS datasets,
              (SELECT count(*)::int FROM uploads WHERE deleted_at IS NULL) AS uploads,
              (SELECT count(*)::int FROM reports WHERE deleted_at IS NULL) AS reports,
              (SELECT count(*)::int FROM tasks) AS tasks`,
    );
    return { compared: counted ?? {}, differences };
  }
}
