import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** What stands before the first seal. */
export const FIRST_SEAL = '0'.repeat(64);

/** An entry as it is sealed: all its columns as text, in this order, null where they are. */
export interface SealedText {
  id: string;
  /** With microseconds, so that it tells all that Postgres keeps. */
  at: string;
  fields: (string | null)[];
}

const COLUMNS = `e.id::text AS id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at,
  ARRAY[e.action, e.actor_id::text, e.api_key_id::text, e.customer_id::text, e.resource_type, e.resource_id,
        e.request_id, e.address, e.details::text] AS fields`;

/** The hash of an entry together with the seal before it (lower-case hex). */
export const sealOf = (before: string, { id, at, fields }: SealedText): string =>
  createHash('sha256')
    .update(before)
    .update(JSON.stringify([id, at, fields]))
    .digest('hex');

/**
 * Entries that have no seal, oldest first. What is more than an hour older than the last sealed one is not looked at:
 * no transaction takes so long.
 */
export function unsealedEntries(manager: EntityManager, limit: number): Promise<SealedText[]> {
  return manager.query<SealedText[]>(
    `SELECT ${COLUMNS} FROM audit_entries e
      WHERE e.at > coalesce((SELECT l.at - interval '1 hour' FROM audit_seals s JOIN audit_entries l ON l.id = s.entry_id
                              ORDER BY s.position DESC LIMIT 1), '-infinity')
        AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id)
      ORDER BY e.at, e.id LIMIT $1`,
    [limit],
  );
}

export interface Seal {
  position: string;
  hash: string;
}

/** The last seal of the chain, null while there is none. */
export async function lastSeal(manager: EntityManager): Promise<Seal | null> {
  const [seal] = await manager.query<Seal[]>(
    'SELECT position, hash FROM audit_seals ORDER BY position DESC LIMIT 1',
  );
  return seal ?? null;
}

export interface SealWithEntry extends Seal {
  entryId: string;
  /** Null where the entry is gone. */
  entry: SealedText | null;
}

/** Seals after a position with what they seal, in order. */
export async function sealsAfter(
  manager: EntityManager,
  position: string,
  limit: number,
): Promise<SealWithEntry[]> {
  const rows = await manager.query<(Seal & { entryId: string } & Partial<SealedText>)[]>(
    `SELECT s.position, s.hash, s.entry_id AS "entryId", ${COLUMNS}
       FROM audit_seals s LEFT JOIN audit_entries e ON e.id = s.entry_id
      WHERE s.position > $1 ORDER BY s.position LIMIT $2`,
    [position, limit],
  );
  return rows.map(({ id, at, fields, ...seal }) => ({
    ...seal,
    entry: id && at && fields ? { id, at, fields } : null,
  }));
}
