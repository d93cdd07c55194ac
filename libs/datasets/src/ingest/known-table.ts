import type { EntityManager } from 'typeorm';
import type { DatasetEntity } from '../dataset.entity.js';
import { foldUploads } from '../fold/fold.js';
import { readyUploads } from '../fold/ready-uploads.js';
import { storeMemory } from '../memory/store-memory.js';
import type { KnownTable } from './reading-plan.js';

/** What binds the reading of an upload: the fold of all others that are ready, what people decided, and what the store remembers. */
export async function knownTable(
  manager: EntityManager,
  dataset: DatasetEntity,
  uploadId?: string,
): Promise<KnownTable> {
  const ready = await readyUploads(manager, dataset.id);
  const { columns, roles } = foldUploads(ready.filter((upload) => upload.uploadId !== uploadId));
  return { decisions: dataset.decisions, memory: await storeMemory(manager, dataset), columns, roles };
}
