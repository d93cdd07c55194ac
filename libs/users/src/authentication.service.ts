import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { AuditLog } from '@app/audit';
import { currentContext } from '@app/logging';
import { Problem } from '@app/problems';
import type { EntityManager } from 'typeorm';
import { AccessTokens } from './access-token.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordHasher } from './password-hasher.js';
import { type OpenedSession, SessionService } from './session.service.js';
import { UserEntity } from './user.entity.js';

export interface SignedIn {
  user: UserEntity;
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
}

/** From credentials to tokens. */
@Injectable()
export class AuthenticationService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly sessions: SessionService,
    private readonly accessTokens: AccessTokens,
    private readonly audit: AuditLog,
  ) {}

  /**
   * An unknown user, a deactivated one and a wrong password cannot be told apart, neither by the answer nor by
   * the time it takes.
   * @throws Problem invalid_credentials, rate_limited
   */
  async logIn(email: string, password: string): Promise<SignedIn> {
    const user = await this.verify(email, password);
    if (user === null)
      throw new Problem('invalid_credentials', 'The e-mail address or the password is wrong.');
    if (this.passwords.isOutdated(user.passwordHash)) {
      await this.manager.update(UserEntity, user.id, { passwordHash: await this.passwords.hash(password) });
    }
    const session = await this.manager.transaction(async (manager) => {
      await this.audit.record(manager, {
        action: 'login.success',
        actorId: user.id,
        resourceType: 'user',
        resourceId: user.id,
      });
      return this.sessions.open(manager, user.id);
    });
    return this.signIn(user, session);
  }

  /** @throws Problem invalid_token where the token is unknown, spent or its session has ended */
  async refresh(refreshToken: string): Promise<SignedIn> {
    const session = await this.sessions.rotate(refreshToken);
    return this.signIn(await this.manager.findOneByOrFail(UserEntity, { id: session.userId }), session);
  }

  logOut(refreshToken: string): Promise<void> {
    return this.sessions.revoke(refreshToken);
  }

  /** Asks a signed-in user for the password again, throttled like a login. */
  async confirms(user: UserEntity, password: string): Promise<boolean> {
    return (await this.verify(user.email, password)) !== null;
  }

  private async verify(email: string, password: string): Promise<UserEntity | null> {
    const address = currentContext()?.address ?? 'unknown';
    await this.throttle.admit(email, address);
    const user = await this.manager.findOneBy(UserEntity, { email });
    const fits = await this.passwords.verify(user?.passwordHash, password).catch(async (error: unknown) => {
      await this.throttle.takeBack(email, address);
      throw error;
    });
    if (user === null || !fits || !user.isActive) {
      await this.audit.record(undefined, {
        action: 'login.failure',
        resourceType: 'user',
        ...(user === null ? {} : { resourceId: user.id }),
      });
      return null;
    }
    await this.throttle.succeeded(email, address);
    return user;
  }

  private async signIn(user: UserEntity, session: OpenedSession): Promise<SignedIn> {
    const { accessToken, expiresIn } = await this.accessTokens.sign(user.id, session.sessionId);
    return { user, accessToken, expiresIn, refreshToken: session.refreshToken };
  }
}
