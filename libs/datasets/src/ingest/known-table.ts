import type { EntityManager } from 'typeorm';
import type { DatasetEntity } from '../dataset.entity.js';
import { foldUploads } from '../fold/fold.js';
import { readyUploads } from '../fold/ready-uploads.js';
import type { KnownTable } from './reading-plan.js';

/** What binds the reading of an upload: the fold of all others that are ready, and what people decided. */
export async function knownTable(
  manager: EntityManager,
  { id, decisions }: DatasetEntity,
  uploadId?: string,
): Promise<KnownTable> {
  const ready = await readyUploads(manager, id);
  const { columns, roles } = foldUploads(ready.filter((upload) => upload.uploadId !== uploadId));
  return { decisions, columns, roles };
}
