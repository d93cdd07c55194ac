import type { FrameTable } from '@app/frames';
import type { EntityManager } from 'typeorm';
import { validate as isUuid, version as uuidVersion } from 'uuid';

/** Frames that nobody needs any more. */
export interface UnusedFrames extends FrameTable {
  since: Date;
  why: string;
}

interface Judged {
  ownerId: string;
  revision: number;
  since: Date | null;
  why: string | null;
}

/**
 * What is no longer, or never became, visible. One statement, hence one moment: an attempt that publishes right now is
 * seen either as running or as published. A revision that is stored though not published waits for others that are
 * published together with it.
 */
const JUDGEMENT = `
  SELECT f.owner AS "ownerId", f.revision, j.why, CASE j.why
      WHEN 'undone' THEN least(u.deleted_at, d.deleted_at)
      WHEN 'read again' THEN c.created_at
      WHEN 'never published' THEN coalesce(t.finished_at, u.created_at, p.created_at)
      WHEN 'report deleted' THEN p.deleted_at
      WHEN 'folded anew' THEN coalesce(vd.deleted_at, vd.updated_at) END AS since
    FROM unnest($1::uuid[], $2::int[]) AS f(owner, revision)
    LEFT JOIN uploads u ON u.id = f.owner
    LEFT JOIN datasets d ON d.id = u.dataset_id
    LEFT JOIN upload_revisions r ON r.upload_id = u.id AND r.revision = f.revision
    LEFT JOIN upload_revisions c ON c.upload_id = u.id AND c.revision = u.revision
    LEFT JOIN reports p ON p.id = f.owner
    LEFT JOIN tasks t ON t.id = coalesce(u.task_id, p.task_id)
    LEFT JOIN visible_sets v ON v.id = f.owner
    LEFT JOIN datasets vd ON vd.id = v.dataset_id
    CROSS JOIN LATERAL (SELECT CASE
      WHEN u.id IS NOT NULL THEN CASE
        WHEN least(u.deleted_at, d.deleted_at) IS NOT NULL THEN 'undone'
        WHEN r.revision < u.revision THEN 'read again'
        WHEN r.revision IS NULL AND u.status NOT IN ('queued', 'processing')
             AND coalesce(t.status, '') NOT IN ('queued', 'running') THEN 'never published' END
      WHEN p.id IS NOT NULL THEN CASE
        WHEN p.deleted_at IS NOT NULL THEN 'report deleted'
        WHEN (p.members ->> 'revision')::int = f.revision THEN NULL
        WHEN coalesce(t.status, '') NOT IN ('queued', 'running') THEN 'never published' END
      WHEN v.id IS NOT NULL THEN CASE
        WHEN vd.deleted_at IS NOT NULL OR vd.visible_set_id IS DISTINCT FROM v.id THEN 'folded anew' END
      ELSE 'nobody''s' END) AS j(why)`;

/** Tables of frames that open tasks were ordered to read, however old the order is. */
const HELD = `
  WITH ordered AS (
    SELECT (i ->> 'visibleSetId')::uuid AS id FROM reports p CROSS JOIN LATERAL jsonb_array_elements(p.input -> 'datasets') AS i
     WHERE p.status IN ('queued', 'running')
    UNION SELECT (t.payload ->> 'visibleSetId')::uuid FROM tasks t
     WHERE t.status IN ('queued', 'running') AND t.payload ? 'visibleSetId')
  SELECT v.id AS "visibleSetId", e ->> 'uploadId' AS "uploadId", (e ->> 'revision')::int AS revision
    FROM ordered JOIN visible_sets v USING (id) CROSS JOIN LATERAL jsonb_array_elements(v.uploads) AS e`;

/**
 * Those of `tables` that have been unused for `graceSeconds`.
 * @param tables listed before this is called, so that nothing younger is among them
 */
export async function unusedFrames(
  manager: EntityManager,
  tables: readonly FrameTable[],
  graceSeconds: number,
): Promise<UnusedFrames[]> {
  const judged = await manager.query<Judged[]>(JUDGEMENT, [
    tables.map(({ ownerId }) => ownerId),
    tables.map(({ revision }) => revision),
  ]);
  const before = Date.now() - graceSeconds * 1000;
  const why = new Map(judged.map((each) => [keyOf(each), each]));
  const unused = tables.flatMap((table): UnusedFrames[] => {
    const judgement = why.get(keyOf(table));
    if (judgement === undefined || judgement.why === null) return [];
    const since = judgement.since ?? bornAt(table.ownerId);
    return since !== null && since.getTime() < before ? [{ ...table, since, why: judgement.why }] : [];
  });
  if (unused.length === 0) return [];
  const held = new Set<string>();
  const rows = await manager.query<{ visibleSetId: string; uploadId: string; revision: number }[]>(HELD);
  for (const { visibleSetId, uploadId, revision } of rows) {
    held.add(visibleSetId).add(keyOf({ ownerId: uploadId, revision }));
  }
  return unused.filter((table) => !held.has(table.ownerId) && !held.has(keyOf(table)));
}

const keyOf = ({ ownerId, revision }: { ownerId: string; revision: number }): string =>
  `${ownerId}:${revision}`;

/** When the id of an owner was made (RFC 9562, version 7); null where it does not tell. */
function bornAt(id: string): Date | null {
  if (!isUuid(id) || uuidVersion(id) !== 7) return null;
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
