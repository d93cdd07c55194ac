import { Inject, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { SETTINGS, type Settings } from '@app/config';
import { ACCESS_TOKEN, accessTokenClaims, SessionService } from '@app/users';
import { createSecretKey } from 'node:crypto';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { invalidToken } from './invalid-token.js';
import type { Principal } from './principal.js';

const STRATEGY = 'access-token';

/** Access tokens: signature, algorithm, issuer, audience, type and time, then whether the session still runs. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, STRATEGY) {
  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly sessions: SessionService,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // As text it would be tried as a public key on each request, which takes longer than the check itself. The types
      // do not know of KeyObject, which jsonwebtoken takes.
      secretOrKey: createSecretKey(settings.accounts.secretKey, 'utf8') as unknown as Buffer,
      algorithms: [settings.accounts.algorithm],
      issuer: ACCESS_TOKEN.issuer,
      audience: ACCESS_TOKEN.audience,
    });
  }

  /** Asked on each request, so that logout, deactivation and a loss of rights count at once. */
  async validate(payload: unknown): Promise<Principal | null> {
    const claims = accessTokenClaims.safeParse(payload);
    if (!claims.success) return null;
    const { sub: userId, sid: sessionId } = claims.data;
    const session = await this.sessions.findRunning(sessionId, userId);
    return session === null ? null : { userId, isAdmin: session.isAdmin, sessionId };
  }
}

/** Runs the strategy and leaves its principal on the request. */
@Injectable()
export class AccessTokenGuard extends AuthGuard(STRATEGY) {
  override getAuthenticateOptions() {
    return { session: false, property: 'principal' };
  }

  override handleRequest<User>(error: unknown, user: User | false | null): User {
    if (error !== null && error !== undefined) throw error;
    if (user === false || user === null) throw invalidToken();
    return user;
  }
}
