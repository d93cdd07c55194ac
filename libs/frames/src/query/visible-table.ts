import type { WrittenTable } from '../model/frame-publisher.js';
import type { VisibleSet } from './visible-set.js';

/** A visible set of one written table, such as a report's members. */
export function visibleTable(
  table: WrittenTable & { ownerId: string; revision: number; timezone?: string },
): VisibleSet {
  const { ownerId, revision, columns, rowCount, manifest, timezone = 'UTC' } = table;
  return {
    id: `${ownerId}:${revision}`,
    timezone,
    columns,
    rowCount,
    uploads: [
      {
        uploadId: ownerId,
        revision,
        ordinal: 1,
        mode: 'append',
        rowCount,
        columns: columns.map(({ name, physical, type, storage }) => ({ name, physical, type, storage })),
        manifest,
      },
    ],
  };
}
