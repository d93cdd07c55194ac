import type { UploadEntity } from '@app/datasets';
import type { PlacedObject } from '@app/storage';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { RunItemEntity } from '../objects/run-item.entity.js';
import { SourceObjectEntity } from '../objects/source-object.entity.js';
import type { SourceRunEntity } from '../source-run.entity.js';

/** Of one statement: Postgres takes 65,535 values. */
const ROWS_AT_ONCE = 1000;

/** What a run did with an object. */
export type Note = Pick<RunItemEntity, 'key' | 'outcome'> & Partial<Omit<RunItemEntity, 'runId'>>;

/** Writes down what a run did with objects, each of them once; with what it did, in one transaction. */
export async function note(
  manager: EntityManager,
  { id: runId }: SourceRunEntity,
  notes: readonly Note[],
): Promise<void> {
  const unsaid = { etag: null, sizeBytes: null, reason: null, message: null, images: 0, uploadIds: [] };
  const rows = notes.map((each) => ({ ...unsaid, ...each, runId }));
  await upsertAll(manager, RunItemEntity, rows, ['runId', 'key']);
}

/** As it was listed. */
export const listed = ({ key, etag, sizeBytes }: PlacedObject): Omit<Note, 'outcome'> => ({
  key,
  etag,
  sizeBytes,
});

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

/** From now on the objects count as dealt with, until they change. */
export async function remember(
  manager: EntityManager,
  { id: runId, sourceId }: SourceRunEntity,
  objects: readonly PlacedObject[],
): Promise<void> {
  const rows = objects.map(({ key, etag, sizeBytes }) => ({ sourceId, key, etag, sizeBytes, runId }));
  await upsertAll(manager, SourceObjectEntity, rows, ['sourceId', 'key']);
}

async function upsertAll<Entity extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  rows: QueryDeepPartialEntity<Entity>[],
  keys: string[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await manager.upsert(entity, rows.slice(from, from + ROWS_AT_ONCE), keys);
  }
}
