import { Injectable } from '@nestjs/common';
import { FrameFold, type ReadOptions, type RowChanges, type VisibleUpload } from '@app/frames';
import { decideKind } from '@app/shopping';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { effectiveMapping } from '../column-mapping.js';
import { DatasetEntity } from '../dataset.entity.js';
import { hasKey } from '../upload.entity.js';
import { VisibleSetEntity } from '../visible-set.entity.js';
import { type Fold, foldUploads, type ReadyUpload } from './fold.js';
import { readyUploads } from './ready-uploads.js';

/** Brings what readers of a dataset see in line with its ready uploads. */
@Injectable()
export class Visibility {
  constructor(private readonly frames: FrameFold) {}

  /**
   * Gives the dataset the fold of its ready uploads, with the kind and mapping that follow from it.
   * The caller holds the dataset's row lock and has brought `dataset` up to date under it.
   * @throws Problem unavailable where upserts must be settled and that cannot be done now
   */
  async recompute(manager: EntityManager, dataset: DatasetEntity, options: ReadOptions): Promise<void> {
    const ready = await readyUploads(manager, dataset.id);
    await refreshLiveness(manager, dataset.id);
    const fold = foldUploads(ready);
    const visible = ready.length === 0 ? null : await this.visibleSet(manager, dataset, fold, options);
    const mapping = effectiveMapping(fold.roles, dataset.decisions);
    const decided = visible === null ? null : decideKind({ columns: visible.columns, roles: mapping.roles });
    const visibleSetId = visible?.id ?? null;
    Object.assign(dataset, { visibleSetId, mapping, kind: dataset.decisions.kind ?? decided });
    const { decisions, kind } = dataset;
    await manager.update(
      DatasetEntity,
      { id: dataset.id },
      { visibleSetId, mapping, decisions, kind, updatedAt: () => 'now()' },
    );
  }

  /** What an upload that is about to be published does to the rows of the uploads before it. */
  async changes(
    manager: EntityManager,
    dataset: DatasetEntity,
    upload: ReadyUpload,
    options: ReadOptions,
  ): Promise<RowChanges> {
    const ready = await readyUploads(manager, dataset.id);
    const earlier = ready.filter(({ ordinal }) => ordinal < upload.ordinal);
    if (hasKey(upload.mode)) {
      // The rows before it are folded as if it hid none: they are what it is compared with.
      const fold = foldUploads([...earlier, { ...upload, mode: 'upsert' }]);
      const changes = await this.frames.changes(fold, options);
      return upload.mode === 'mirror' ? changes : { ...changes, removed: 0 };
    }
    const created = upload.rowCount;
    const removed = upload.mode === 'replace' ? await this.frames.count(foldUploads(earlier), options) : 0;
    return { created, updated: 0, unchanged: 0, removed };
  }

  private async visibleSet(
    manager: EntityManager,
    dataset: DatasetEntity,
    fold: Fold,
    options: ReadOptions,
  ): Promise<Pick<VisibleSetEntity, 'id' | 'columns'>> {
    const current =
      dataset.visibleSetId === null
        ? null
        : await manager.findOneBy(VisibleSetEntity, { id: dataset.visibleSetId });
    if (current !== null && isSame(current.uploads, fold.uploads)) return current;
    const id = uuidv7();
    const { uploads, columns, rowCount } = await this.frames.settle(id, fold, options);
    const set = { id, datasetId: dataset.id, uploads, uploadCount: uploads.length, columns, rowCount };
    await manager.insert(VisibleSetEntity, set);
    return set;
  }
}

/** Equal readings of equal uploads are seen equally; modes and keys of an upload never change. */
const isSame = (current: readonly VisibleUpload[], folded: readonly VisibleUpload[]): boolean =>
  current.length === folded.length &&
  current.every(
    ({ uploadId, revision }, index) =>
      uploadId === folded[index]?.uploadId && revision === folded[index].revision,
  );

/** Of uploads of the dataset $1. */
const LIVE = `u.deleted_at IS NULL AND u.status IN ('queued', 'processing', 'ready') AND u.ordinal >= coalesce(
  (SELECT max(r.ordinal) FROM uploads r
    WHERE r.dataset_id = $1 AND r.mode IN ('replace', 'mirror') AND r.status = 'ready'
      AND r.deleted_at IS NULL), 0)`;

/**
 * Live are uploads that are not wholly hidden by a later replace or mirror. One that comes back into sight while the
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
