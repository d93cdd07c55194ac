import type { FrameManifestEntry } from '@app/frames';
import type { EntityManager } from 'typeorm';

/** Frames that readers rely on: what stands in MongoDB under an owner and revision must be this manifest. */
export interface NamedTable {
  ownerId: string;
  revision: number;
  manifest: FrameManifestEntry[];
  namedBy: string;
}

const PAGE = 200;

/** Uploads' published readings, what visible sets hide, and reports' members; in pages by the owner's id. */
const SOURCES = [
  `SELECT u.id AS "ownerId", r.revision, r.manifest, 'upload ' || u.id AS "namedBy"
     FROM uploads u JOIN datasets d ON d.id = u.dataset_id
     JOIN upload_revisions r ON r.upload_id = u.id AND r.revision = u.revision
    WHERE u.deleted_at IS NULL AND d.deleted_at IS NULL AND u.id > $1 ORDER BY u.id LIMIT $2`,
  `SELECT DISTINCT ON ((s ->> 'ownerId')::uuid) (s ->> 'ownerId')::uuid AS "ownerId", (s ->> 'revision')::int AS revision,
          s -> 'manifest' AS manifest, 'superseded rows of dataset ' || d.id AS "namedBy"
     FROM datasets d JOIN visible_sets v ON v.id = d.visible_set_id
     CROSS JOIN LATERAL jsonb_array_elements(v.uploads) AS e
     CROSS JOIN LATERAL (SELECT e -> 'superseded') AS x(s)
    WHERE d.deleted_at IS NULL AND jsonb_typeof(s) = 'object' AND (s ->> 'ownerId')::uuid > $1
    ORDER BY (s ->> 'ownerId')::uuid LIMIT $2`,
  `SELECT p.id AS "ownerId", (p.members ->> 'revision')::int AS revision, p.members -> 'manifest' AS manifest,
          'report ' || p.id AS "namedBy"
     FROM reports p WHERE p.deleted_at IS NULL AND p.members IS NOT NULL AND p.id > $1 ORDER BY p.id LIMIT $2`,
];

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Every table of frames that is in use. */
export async function* namedTables(manager: EntityManager): AsyncGenerator<NamedTable> {
  for (const source of SOURCES) {
    let after = BEFORE_ALL;
    for (;;) {
      const page = await manager.query<NamedTable[]>(source, [after, PAGE]);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.ownerId;
    }
  }
}
