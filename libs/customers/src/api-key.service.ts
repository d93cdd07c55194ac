import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { notFound } from '@app/problems';
import { createHash, randomBytes } from 'node:crypto';
import { type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApiKeyEntity } from './api-key.entity.js';
import { type Role, ROLES } from './role.js';

/** What every key begins with: tells it from an access token, and secret scanners what they found. */
export const API_KEY_PREFIX = 'dc_';
const KEY_BYTES = 32;
const SHOWN_LENGTH = API_KEY_PREFIX.length + 6;

export interface ApiKeyQuery {
  customerIds: string[];
  /** An escaped LIKE pattern, looked for in the name. */
  pattern: string | undefined;
  ordering: { by: 'name' | 'createdAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

export interface ApiKeyBearer {
  id: string;
  customerId: string;
  role: Role;
  createdBy: string;
}

@Injectable()
export class ApiKeyService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly audit: AuditLog,
  ) {}

  /** The key itself is returned here and never again. */
  async create(
    fields: { customerId: string; createdBy: string; name: string; role: Role },
    actor: Actor,
  ): Promise<{ apiKey: ApiKeyEntity; key: string }> {
    const key = API_KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
    const id = uuidv7();
    const apiKey = await this.manager.transaction(async (manager) => {
      await manager.insert(ApiKeyEntity, {
        id,
        ...fields,
        keyHash: hashOf(key),
        prefix: key.slice(0, SHOWN_LENGTH),
      });
      const created = await manager.findOneByOrFail(ApiKeyEntity, { id });
      await this.audit.recordDeed(manager, 'apiKey.create', created, actor, { role: fields.role });
      return created;
    });
    return { apiKey, key };
  }

  async list(query: ApiKeyQuery): Promise<{ apiKeys: ApiKeyEntity[]; count: number }> {
    const select = this.manager
      .createQueryBuilder(ApiKeyEntity, 'apiKey')
      .where('apiKey.customerId = ANY(:ids) AND apiKey.revokedAt IS NULL', { ids: query.customerIds });
    if (query.pattern !== undefined)
      select.andWhere('apiKey.name ILIKE :pattern', { pattern: query.pattern });
    const [apiKeys, count] = await select
      .orderBy(`apiKey.${query.ordering.by}`, query.ordering.direction)
      .addOrderBy('apiKey.id')
      .skip(query.offset)
      .take(query.limit)
      .getManyAndCount();
    return { apiKeys, count };
  }

  /** @throws Problem not_found */
  async revoke(customerId: string, id: string, actor: Actor): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const { affected } = await manager.update(
        ApiKeyEntity,
        { id, customerId, revokedAt: IsNull() },
        { revokedAt: new Date() },
      );
      if (affected === 0) throw notFound('API key');
      await this.audit.recordDeed(manager, 'apiKey.revoke', { id, customerId }, actor);
    });
  }

  /**
   * Ends the keys a member made that may do more than the member may from now on; all of them for null.
   * Else whoever is shown out could keep a key to the door.
   */
  async revokeAbove(
    manager: EntityManager,
    customerId: string,
    userId: string,
    role: Role | null,
  ): Promise<void> {
    const ended = ROLES.slice(role === null ? 0 : ROLES.indexOf(role) + 1);
    await manager.query(
      `UPDATE api_keys SET revoked_at = now()
        WHERE customer_id = $1 AND created_by = $2 AND revoked_at IS NULL AND role = ANY($3)`,
      [customerId, userId, ended],
    );
  }

  /** Whose key it is; null where it is unknown, revoked, its maker deactivated or its customer deleted. */
  async authenticate(key: string): Promise<ApiKeyBearer | null> {
    const rows = await this.manager.query<(ApiKeyBearer & { isStale: boolean })[]>(
      `SELECT k.id, k.customer_id AS "customerId", k.role, k.created_by AS "createdBy",
              (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute') AS "isStale"
         FROM api_keys k
         JOIN users u ON u.id = k.created_by AND u.is_active
         JOIN customers c ON c.id = k.customer_id AND c.deleted_at IS NULL
        WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
      [hashOf(key)],
    );
    if (rows[0] === undefined) return null;
    const { isStale, ...bearer } = rows[0];
    if (isStale)
      await this.manager.query('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [bearer.id]);
    return bearer;
  }
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
