import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { refusingDuplicates } from '@app/database';
import { notFound, Problem } from '@app/problems';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { PasswordHasher } from './password-hasher.js';
import { requireGoodPassword } from './password-policy.js';
import { SessionService } from './session.service.js';
import { UserEntity } from './user.entity.js';

export interface NewUser {
  /** Lower-cased by the caller. */
  email: string;
  password: string;
  name: string;
  isAdmin?: boolean;
}

export interface UserChanges {
  email?: string;
  name?: string;
  password?: string;
  isAdmin?: boolean;
  isActive?: boolean;
}

export interface UserQuery {
  /** An escaped LIKE pattern, looked for in name and e-mail. */
  pattern: string | undefined;
  ordering: { by: 'name' | 'email' | 'createdAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

const TAKEN = {
  field: 'email',
  message: 'This e-mail address is already in use.',
  constraint: 'users_email_key',
};

@Injectable()
export class UserService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly passwords: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found, also for what is no id */
  async get(id: string): Promise<UserEntity> {
    if (!isUuid(id)) throw notFound('user');
    const user = await this.manager.findOneBy(UserEntity, { id });
    if (user === null) throw notFound('user');
    return user;
  }

  async findByEmail(email: string): Promise<UserEntity | null> {
    return this.manager.findOneBy(UserEntity, { email });
  }

  async list(query: UserQuery): Promise<{ users: UserEntity[]; count: number }> {
    const select = this.manager.createQueryBuilder(UserEntity, 'user');
    if (query.pattern !== undefined) {
      select.where('user.name ILIKE :pattern OR user.email ILIKE :pattern', { pattern: query.pattern });
    }
    const [users, count] = await select
      .orderBy(`user.${query.ordering.by}`, query.ordering.direction)
      .addOrderBy('user.id')
      .skip(query.offset)
      .take(query.limit)
      .getManyAndCount();
    return { users, count };
  }

  /** @throws Problem duplicate where the e-mail address is taken, invalid_parameter for a bad password */
  async create(fields: NewUser, actor: Actor): Promise<UserEntity> {
    requireGoodPassword(fields.password, fields);
    const passwordHash = await this.passwords.hash(fields.password);
    const user = this.manager.create(UserEntity, {
      id: uuidv7(),
      email: fields.email,
      name: fields.name,
      passwordHash,
      isAdmin: fields.isAdmin ?? false,
      isActive: true,
    });
    return refusingDuplicates(TAKEN, () =>
      this.manager.transaction(async (manager) => {
        await manager.insert(UserEntity, user);
        await this.audit.recordDeed(manager, 'user.create', user, actor, { isAdmin: user.isAdmin });
        return user;
      }),
    );
  }

  /**
   * A new password, a deactivation or a loss of rights ends the user's sessions, but the one given.
   * @throws Problem not_found; duplicate; invalid_parameter for a bad password; conflict where no
   *   administrator would be left
   */
  async update(id: string, changes: UserChanges, actor: Actor, keepSessionId?: string): Promise<UserEntity> {
    const before = await this.get(id);
    const { password, ...plain } = changes;
    if (password !== undefined) {
      requireGoodPassword(password, {
        email: changes.email ?? before.email,
        name: changes.name ?? before.name,
      });
    }
    const passwordHash = password === undefined ? {} : { passwordHash: await this.passwords.hash(password) };
    return refusingDuplicates(TAKEN, () =>
      this.manager.transaction(async (manager) => {
        if (changes.isAdmin === false || changes.isActive === false) await keepOneAdministrator(manager, id);
        await manager.update(UserEntity, id, { ...plain, ...passwordHash, updatedAt: new Date() });
        if (password !== undefined || changes.isActive === false) {
          await this.sessions.revokeAll(manager, id, keepSessionId);
        }
        await this.audit.recordDeed(manager, 'user.update', { id }, actor, { fields: Object.keys(changes) });
        return manager.findOneByOrFail(UserEntity, { id });
      }),
    );
  }
}

/** The row locks make parallel demotions wait for each other. */
async function keepOneAdministrator(manager: EntityManager, leavingId: string): Promise<void> {
  const administrators = await manager.query<{ id: string }[]>(
    'SELECT id FROM users WHERE is_admin AND is_active ORDER BY id FOR UPDATE',
  );
  const others = administrators.filter(({ id }) => id !== leavingId);
  if (others.length === 0 && administrators.length > 0) {
    throw new Problem('conflict', 'The last administrator stays.');
  }
}
