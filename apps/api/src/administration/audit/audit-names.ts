import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { AuditEntryEntity } from '@app/audit';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

/** What the audit names by ids, as people call it. Ids are unique across tables. */
const NAMED = `
  SELECT id, email AS name FROM users
  UNION ALL SELECT id, name FROM api_keys
  UNION ALL SELECT id, name FROM customers WHERE deleted_at IS NULL
  UNION ALL SELECT id, name FROM stores WHERE deleted_at IS NULL
  UNION ALL SELECT id, name FROM datasets WHERE deleted_at IS NULL
  UNION ALL SELECT id, file_name FROM uploads WHERE deleted_at IS NULL
  UNION ALL SELECT id, name FROM bundles
  UNION ALL SELECT id, name FROM links WHERE deleted_at IS NULL
  UNION ALL SELECT id, name FROM sources WHERE deleted_at IS NULL
  UNION ALL SELECT id, name FROM report_schedules WHERE deleted_at IS NULL
  UNION ALL SELECT id, url FROM webhooks WHERE deleted_at IS NULL`;

/** An e-mail address that is looked for may be that of so many people. */
const MOST_PEOPLE = 100;

/** Names of people and things that the audit knows by their ids. What is deleted has none. */
@Injectable()
export class AuditNames {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** Names by id. */
  async of(entries: readonly AuditEntryEntity[]): Promise<ReadonlyMap<string, string>> {
    const ids = entries
      .flatMap(({ actorId, apiKeyId, customerId, resourceId }) => [actorId, apiKeyId, customerId, resourceId])
      .filter((id) => id !== null && isUuid(id));
    const rows = await this.manager.query<{ id: string; name: string | null }[]>(
      `SELECT id, name FROM (${NAMED}) named WHERE id = ANY($1)`,
      [[...new Set(ids)]],
    );
    return new Map(rows.flatMap(({ id, name }) => (name === null || name === '' ? [] : [[id, name]])));
  }

  /** @param pattern a LIKE pattern for names and e-mail addresses. @returns the users' ids */
  async people(pattern: string): Promise<string[]> {
    const rows = await this.manager.query<{ id: string }[]>(
      'SELECT id FROM users WHERE email ILIKE $1 OR name ILIKE $1 ORDER BY id LIMIT $2',
      [pattern, MOST_PEOPLE],
    );
    return rows.map(({ id }) => id);
  }
}
