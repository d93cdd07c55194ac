import { decideKind } from '@app/shopping';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { effectiveMapping } from '../column-mapping.js';
import { DatasetEntity } from '../dataset.entity.js';
import { VisibleSetEntity } from '../visible-set.entity.js';
import { foldUploads, type ReadyUpload } from './fold.js';

interface ReadyRow extends Omit<ReadyUpload, 'rowCount'> {
  rowCount: string;
}

/**
 * Gives the dataset the fold of its ready uploads, with the kind and mapping that follow from it.
 * The caller holds the dataset's row lock and has brought `dataset` up to date under it.
 */
export async function recomputeVisibility(manager: EntityManager, dataset: DatasetEntity): Promise<void> {
  const ready = await readyUploads(manager, dataset.id);
  await refreshLiveness(manager, dataset.id);
  const fold = foldUploads(ready);
  const visibleSetId = ready.length === 0 ? null : uuidv7();
  if (visibleSetId !== null) {
    await manager.insert(VisibleSetEntity, {
      id: visibleSetId,
      datasetId: dataset.id,
      uploads: fold.uploads,
      uploadCount: fold.uploads.length,
      columns: fold.columns,
      rowCount: fold.rowCount,
    });
  }
  const mapping = effectiveMapping(fold.roles, dataset.decisions);
  const decided = ready.length === 0 ? null : decideKind({ columns: fold.columns, roles: mapping.roles });
  Object.assign(dataset, { visibleSetId, mapping, kind: dataset.decisions.kind ?? decided });
  const { decisions, kind } = dataset;
  await manager.update(
    DatasetEntity,
    { id: dataset.id },
    { visibleSetId, mapping, decisions, kind, updatedAt: () => 'now()' },
  );
}

async function readyUploads(manager: EntityManager, datasetId: string): Promise<ReadyUpload[]> {
  const rows = await manager.query<ReadyRow[]>(
    `SELECT u.id AS "uploadId", u.ordinal, u.mode, u.revision, r.row_count AS "rowCount", r.columns, r.roles, r.manifest
       FROM uploads u JOIN upload_revisions r ON r.upload_id = u.id AND r.revision = u.revision
      WHERE u.dataset_id = $1 AND u.status = 'ready' AND u.deleted_at IS NULL`,
    [datasetId],
  );
  return rows.map((row) => ({ ...row, rowCount: Number(row.rowCount) }));
}

const LIVE = `u.deleted_at IS NULL AND u.status IN ('queued', 'processing', 'ready') AND u.ordinal >= coalesce(
  (SELECT max(r.ordinal) FROM uploads r
    WHERE r.dataset_id = u.dataset_id AND r.mode = 'replace' AND r.status = 'ready' AND r.deleted_at IS NULL), 0)`;

/**
 * Live are uploads that are not wholly hidden by a later replace. One that comes back into sight while the
 * same bytes were uploaded again keeps its rows, but the newer upload goes on standing for the bytes.
 */
async function refreshLiveness(manager: EntityManager, datasetId: string): Promise<void> {
  await manager.query(
    `UPDATE uploads u SET is_live = false WHERE u.dataset_id = $1 AND u.is_live AND NOT (${LIVE})`,
    [datasetId],
  );
  await manager.query(
    `UPDATE uploads u SET is_live = true WHERE u.dataset_id = $1 AND NOT u.is_live AND ${LIVE}
        AND NOT EXISTS (SELECT 1 FROM uploads o
                         WHERE o.customer_id = u.customer_id AND o.sha256 = u.sha256 AND o.is_live)`,
    [datasetId],
  );
}
