import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { ADVISORY_LOCK } from '@app/database';
import { LOGGER, type Logger } from '@app/logging';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { UserEntity } from './user.entity.js';
import { UserService } from './user.service.js';

const PASSWORD_BYTES = 18;

/** How a system gets its first administrator; there are no default accounts. */
@Injectable()
export class AdministratorService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly users: UserService,
  ) {}

  /** Makes the administrator named in the settings where there is none yet, or says how to make one. */
  async ensureFirst(): Promise<void> {
    // Several api processes may start at once; the session-long lock lets one of them do it.
    const lock = this.manager.connection.createQueryRunner();
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK.firstAdministrator]);
      if (await this.manager.existsBy(UserEntity, { isAdmin: true, isActive: true })) return;
      const first = this.settings.accounts.firstAdministrator;
      if (first === undefined) {
        this.logger.warn('there is no administrator yet, make one with: npm run admin -- create <email>');
        return;
      }
      const { created } = await this.grant(first.email, first.password);
      this.logger.info({ created }, 'the first administrator is ready');
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK.firstAdministrator]);
      await lock.release();
    }
  }

  /** Makes an administrator with a random password, or one of a user that is already there, who keeps the password. */
  async create(email: string): Promise<{ created: boolean; password: string | undefined }> {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    const { created } = await this.grant(email, password);
    return { created, password: created ? password : undefined };
  }

  private async grant(givenEmail: string, password: string): Promise<{ created: boolean }> {
    const email = givenEmail.trim().toLowerCase();
    const known = await this.users.findByEmail(email);
    if (known !== null) {
      await this.users.update(known.id, { isAdmin: true, isActive: true }, {});
      return { created: false };
    }
    await this.users.create({ email, password, name: email.split('@')[0] ?? email, isAdmin: true }, {});
    return { created: true };
  }
}
