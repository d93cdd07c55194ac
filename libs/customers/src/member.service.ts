import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { refusingDuplicates } from '@app/database';
import { notFound, Problem } from '@app/problems';
import { UserEntity } from '@app/users';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { ApiKeyService } from './api-key.service.js';
import { MemberEntity } from './member.entity.js';
import type { Role } from './role.js';

/** A membership as people see it. */
export interface Member {
  userId: string;
  email: string;
  name: string;
  role: Role;
  createdAt: Date;
}

export interface MemberQuery {
  /** An escaped LIKE pattern, looked for in name and e-mail. */
  pattern: string | undefined;
  role: Role | undefined;
  ordering: { by: 'name' | 'email' | 'createdAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

const ORDER_COLUMN = { name: 'u.name', email: 'u.email', createdAt: 'm.created_at' };

/** Who belongs to a customer. At least one owner stays, so that no customer is left without a way in. */
@Injectable()
export class MemberService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly apiKeys: ApiKeyService,
    private readonly audit: AuditLog,
  ) {}

  async list(customerId: string, query: MemberQuery): Promise<{ members: Member[]; count: number }> {
    const found = `FROM members m JOIN users u ON u.id = m.user_id
      WHERE m.customer_id = $1 AND ($2::text IS NULL OR u.name ILIKE $2 OR u.email ILIKE $2)
        AND ($3::text IS NULL OR m.role = $3)`;
    const parameters = [customerId, query.pattern ?? null, query.role ?? null];
    const counted = await this.manager.query<[{ count: number }]>(
      `SELECT count(*)::integer AS count ${found}`,
      parameters,
    );
    const members = await this.manager.query<Member[]>(
      `SELECT m.user_id AS "userId", u.email, u.name, m.role, m.created_at AS "createdAt" ${found}
        ORDER BY ${ORDER_COLUMN[query.ordering.by]} ${query.ordering.direction}, m.user_id LIMIT $4 OFFSET $5`,
      [...parameters, query.limit, query.offset],
    );
    return { members, count: counted[0].count };
  }

  /**
   * By id or by e-mail address.
   * @throws Problem not_found where there is no such active user, duplicate where it is a member already
   */
  async add(
    customerId: string,
    who: { userId: string } | { email: string },
    role: Role,
    actor: Actor,
  ): Promise<Member> {
    const where = 'userId' in who ? { id: who.userId } : { email: who.email };
    const user = await this.manager.findOneBy(UserEntity, { ...where, isActive: true });
    if (user === null) throw notFound('user');
    const taken = { field: 'userId' in who ? 'userId' : 'email', message: 'This user is a member already.' };
    await refusingDuplicates(taken, () =>
      this.manager.transaction(async (manager) => {
        await manager.insert(MemberEntity, { customerId, userId: user.id, role });
        await this.audit.recordDeed(manager, 'member.add', { id: user.id, customerId }, actor, { role });
      }),
    );
    return this.get(this.manager, customerId, user.id);
  }

  /** @throws Problem not_found, conflict for the last owner */
  async changeRole(customerId: string, userId: string, role: Role, actor: Actor): Promise<Member> {
    if (!isUuid(userId)) throw notFound('member');
    return this.manager.transaction(async (manager) => {
      await this.lockOwners(manager, customerId, userId, role);
      const { affected } = await manager.update(MemberEntity, { customerId, userId }, { role });
      if (affected === 0) throw notFound('member');
      await this.apiKeys.revokeAbove(manager, customerId, userId, role);
      await this.audit.recordDeed(manager, 'member.update', { id: userId, customerId }, actor, { role });
      return this.get(manager, customerId, userId);
    });
  }

  /** @throws Problem not_found, conflict for the last owner */
  async remove(customerId: string, userId: string, actor: Actor): Promise<void> {
    if (!isUuid(userId)) throw notFound('member');
    await this.manager.transaction(async (manager) => {
      await this.lockOwners(manager, customerId, userId, null);
      const { affected } = await manager.delete(MemberEntity, { customerId, userId });
      if (affected === 0) throw notFound('member');
      await this.apiKeys.revokeAbove(manager, customerId, userId, null);
      await this.audit.recordDeed(manager, 'member.remove', { id: userId, customerId }, actor);
    });
  }

  /** Lets changes to one customer's owners happen one after the other, and refuses the one that takes the last. */
  private async lockOwners(
    manager: EntityManager,
    customerId: string,
    userId: string,
    role: Role | null,
  ): Promise<void> {
    await manager.query('SELECT 1 FROM customers WHERE id = $1 FOR UPDATE', [customerId]);
    if (role === 'owner') return;
    const owners = await manager.query<{ userId: string }[]>(
      `SELECT m.user_id AS "userId" FROM members m JOIN users u ON u.id = m.user_id AND u.is_active
        WHERE m.customer_id = $1 AND m.role = 'owner'`,
      [customerId],
    );
    if (owners.length === 1 && owners[0]?.userId === userId) {
      throw new Problem('conflict', 'The last owner stays: make another member owner first.');
    }
  }

  private async get(manager: EntityManager, customerId: string, userId: string): Promise<Member> {
    const rows = await manager.query<Member[]>(
      `SELECT m.user_id AS "userId", u.email, u.name, m.role, m.created_at AS "createdAt"
         FROM members m JOIN users u ON u.id = m.user_id WHERE m.customer_id = $1 AND m.user_id = $2`,
      [customerId, userId],
    );
    if (rows[0] === undefined) throw notFound('member');
    return rows[0];
  }
}
