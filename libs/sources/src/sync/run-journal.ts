import type { UploadEntity } from '@app/datasets';
import type { PlacedObject } from '@app/storage';
import type { EntityManager } from 'typeorm';
import { type ItemOutcome, RunItemEntity } from '../objects/run-item.entity.js';
import { SourceObjectEntity } from '../objects/source-object.entity.js';
import type { SourceRunEntity } from '../source-run.entity.js';

export interface Note {
  outcome: ItemOutcome;
  reason?: string;
  message?: string;
  images?: number;
  uploadIds?: string[];
}

/** Writes down what a run did with an object; with what it did, in one transaction. */
export async function note(
  manager: EntityManager,
  run: SourceRunEntity,
  { key, etag, sizeBytes }: Pick<PlacedObject, 'key'> & Partial<PlacedObject>,
  { outcome, reason, message, images = 0, uploadIds = [] }: Note,
): Promise<void> {
  await manager.upsert(
    RunItemEntity,
    {
      runId: run.id,
      key,
      outcome,
      etag: etag ?? null,
      sizeBytes: sizeBytes ?? null,
      reason: reason ?? null,
      message: message ?? null,
      images,
      uploadIds,
    },
    ['runId', 'key'],
  );
}

/** The run's uploads grow by these. */
export async function accept(
  manager: EntityManager,
  { id }: SourceRunEntity,
  uploads: readonly UploadEntity[],
): Promise<string[]> {
  const uploadIds = uploads.map((upload) => upload.id);
  await manager.query('UPDATE source_runs SET upload_ids = upload_ids || $2::uuid[] WHERE id = $1', [
    id,
    uploadIds,
  ]);
  return uploadIds;
}

/** From now on the object counts as dealt with, until it changes. */
export async function remember(
  manager: EntityManager,
  { id: runId, sourceId }: SourceRunEntity,
  objects: readonly PlacedObject[],
): Promise<void> {
  const rows = objects.map(({ key, etag, sizeBytes }) => ({ sourceId, key, etag, sizeBytes, runId }));
  if (rows.length > 0) await manager.upsert(SourceObjectEntity, rows, ['sourceId', 'key']);
}
