import type { EntityManager } from 'typeorm';
import type { ReadyUpload } from './fold.js';

interface ReadyRow extends Omit<ReadyUpload, 'rowCount'> {
  rowCount: string;
}

/** The uploads of a dataset that have a published reading and are not undone, in ordinal order. */
export async function readyUploads(manager: EntityManager, datasetId: string): Promise<ReadyUpload[]> {
  const rows = await manager.query<ReadyRow[]>(
    `SELECT u.id AS "uploadId", u.ordinal, u.mode, u.key_columns AS "keyColumns", u.revision,
            r.row_count AS "rowCount", r.columns, r.roles, r.manifest,
            r.findings -> 'summary' @> '[{"type": "duplicate_key"}]' AS "repeatsKeys"
       FROM uploads u JOIN upload_revisions r ON r.upload_id = u.id AND r.revision = u.revision
      WHERE u.dataset_id = $1 AND u.status = 'ready' AND u.deleted_at IS NULL
      ORDER BY u.ordinal`,
    [datasetId],
  );
  return rows.map((row) => ({ ...row, rowCount: Number(row.rowCount) }));
}
