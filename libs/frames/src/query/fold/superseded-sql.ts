import type { PhysicalName } from '../../columns/column.js';

/** What of an upload decides which rows take the place of others. */
export interface KeyedUpload {
  ordinal: number;
  mode: 'append' | 'replace' | 'upsert' | 'mirror';
  /** Columns of the relation that make the key; of upsert and mirror only. */
  keys: readonly PhysicalName[];
  /** Whether some of its own rows have the same key. */
  repeatsKeys: boolean;
}

/**
 * SQL of the rows (`upload`, `n`) that later ones take the place of; undefined where there can be none. A row of an
 * upsert supersedes the rows with its key in all earlier uploads; within an upload the last row of a key wins.
 * Rows without a key are never superseded.
 * @param relation SQL with `upload`, `n` and the key columns of all rows
 * @param uploads in ordinal order, without those that a later replace or mirror hides
 */
export function supersededSql(relation: string, uploads: readonly KeyedUpload[]): string | undefined {
  const upserts = uploads.filter(({ mode }, index) => mode === 'upsert' && index > 0);
  const repeating = uploads.filter(({ repeatsKeys }) => repeatsKeys);
  const selects = [
    ...byKeys(upserts).map(({ keys, ordinals }) => supersededBefore(relation, keys, ordinals)),
    ...byKeys(repeating).map(({ keys, ordinals }) => supersededWithin(relation, keys, ordinals)),
  ];
  return selects.length === 0 ? undefined : `(${selects.join('\nUNION\n')})`;
}

/** One pass over the rows for all upserts with the same key: what is older than the youngest is superseded. */
const supersededBefore = (relation: string, keys: string, ordinals: string): string =>
  `SELECT rows.upload, rows.n FROM ${relation} AS rows
     JOIN (SELECT ${keys}, max(upload) AS youngest FROM ${relation} WHERE upload IN (${ordinals}) GROUP BY ${keys}) AS upserts
    USING (${keys}) WHERE rows.upload < upserts.youngest`;

const supersededWithin = (relation: string, keys: string, ordinals: string): string =>
  `SELECT upload, n FROM (
     SELECT upload, n, max(n) OVER (PARTITION BY upload, ${keys}) AS last FROM ${relation} WHERE upload IN (${ordinals})
   ) WHERE n < last`;

function byKeys(uploads: readonly KeyedUpload[]): { keys: string; ordinals: string }[] {
  const groups = new Map<string, number[]>();
  for (const { keys, ordinal } of uploads) {
    const name = [...keys].sort().join(', ');
    groups.set(name, [...(groups.get(name) ?? []), ordinal]);
  }
  return [...groups].map(([keys, ordinals]) => ({ keys, ordinals: ordinals.join(', ') }));
}
