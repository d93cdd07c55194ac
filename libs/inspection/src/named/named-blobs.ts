import type { EntityManager } from 'typeorm';

export interface NamedBlob {
  sha256: string;
  sizeBytes: number;
  /** What names it, such as `upload 01a2…`. */
  namedBy: string;
}

/**
 * Files that uploads and their published readings name. An undone upload, or a reading that another one took the place
 * of, still counts for `$1` seconds.
 */
const NAMED = `
  SELECT u.sha256, u.size_bytes, 'upload ' || u.id AS named_by, least(u.deleted_at, d.deleted_at) AS gone_at
    FROM uploads u JOIN datasets d ON d.id = u.dataset_id
  UNION ALL
  SELECT f.value ->> 'sha256', (f.value ->> 'sizeBytes')::bigint, f.key || ' of upload ' || u.id,
         least(u.deleted_at, d.deleted_at, CASE WHEN r.revision < u.revision THEN c.created_at END)
    FROM upload_revisions r
    JOIN uploads u ON u.id = r.upload_id
    JOIN datasets d ON d.id = u.dataset_id
    LEFT JOIN upload_revisions c ON c.upload_id = u.id AND c.revision = u.revision
    CROSS JOIN LATERAL jsonb_each(r.findings) AS f
   WHERE jsonb_typeof(f.value) = 'object' AND f.value ? 'sha256'`;
const KEPT = `(gone_at IS NULL OR gone_at > now() - make_interval(secs => $1))`;

/** Every blob that a row names, each once. `graceSeconds` 0: only what is in use now. */
export async function namedBlobs(manager: EntityManager, graceSeconds: number): Promise<NamedBlob[]> {
  const rows = await manager.query<{ sha256: string; sizeBytes: string; namedBy: string }[]>(
    `SELECT DISTINCT ON (sha256) sha256, size_bytes AS "sizeBytes", named_by AS "namedBy"
       FROM (${NAMED}) AS named WHERE ${KEPT} ORDER BY sha256, named_by`,
    [graceSeconds],
  );
  return rows.map(({ sizeBytes, ...row }) => ({ ...row, sizeBytes: Number(sizeBytes) }));
}

export async function isNamed(
  manager: EntityManager,
  sha256: string,
  graceSeconds: number,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM (${NAMED}) AS named WHERE ${KEPT} AND sha256 = $2 LIMIT 1`,
    [graceSeconds, sha256],
  );
  return rows.length > 0;
}
