import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { SETTINGS, type Settings } from '@app/config';
import { Problem } from '@app/problems';
import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { SessionEntity } from './session.entity.js';

const TOKEN_BYTES = 32;

export interface OpenedSession {
  sessionId: string;
  userId: string;
  /** Given out once; only its hash is kept. */
  refreshToken: string;
}

interface KnownToken {
  sessionId: string;
  userId: string;
  isUsed: boolean;
}

const invalidToken = (): Problem => new Problem('invalid_token', 'The refresh token is not valid.');

/** Sessions and their refresh tokens: each token is good for one use, a second use ends the session. */
@Injectable()
export class SessionService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly audit: AuditLog,
  ) {}

  /** Begins a session; the user's outlived ones are cleared away on the occasion. */
  async open(manager: EntityManager, userId: string): Promise<OpenedSession> {
    await manager.query('DELETE FROM sessions WHERE user_id = $1 AND expires_at < now()', [userId]);
    const sessionId = uuidv7();
    await manager.insert(SessionEntity, {
      id: sessionId,
      userId,
      expiresAt: new Date(Date.now() + this.lifetimeSeconds * 1000),
    });
    return { sessionId, userId, refreshToken: await this.issue(manager, sessionId) };
  }

  /**
   * Trades a refresh token for the next one.
   *
   * A token found spent is a stolen copy or its victim's: the whole session is revoked. One that was fresh when
   * this call looked and is spent a moment later lost a race against a parallel call of the same client, which
   * is refused without an alarm.
   * @throws Problem invalid_token
   */
  async rotate(refreshToken: string): Promise<OpenedSession> {
    const tokenHash = hashOf(refreshToken);
    const known = await this.find(tokenHash);
    if (known === undefined) throw invalidToken();
    if (known.isUsed) {
      await this.end(known, 'session.reuse');
      throw invalidToken();
    }
    return this.manager.transaction(async (manager) => {
      const [spent] = await updated(
        manager,
        `UPDATE refresh_tokens SET used_at = now() WHERE token_hash = $1 AND used_at IS NULL RETURNING id`,
        [tokenHash],
      );
      const [session] = await updated(
        manager,
        `UPDATE sessions s SET expires_at = now() + make_interval(secs => $2)
           FROM users u
          WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.id = s.user_id AND u.is_active
          RETURNING s.id`,
        [known.sessionId, this.lifetimeSeconds],
      );
      if (spent === undefined || session === undefined) throw invalidToken();
      const { sessionId, userId } = known;
      return { sessionId, userId, refreshToken: await this.issue(manager, sessionId) };
    });
  }

  /** Ends the session the token belongs to, be the token spent or not; an unknown token ends nothing. */
  async revoke(refreshToken: string): Promise<void> {
    const known = await this.find(hashOf(refreshToken));
    if (known !== undefined) await this.end(known, 'session.logout');
  }

  /** Ends all sessions of a user, for instance but the one in which the password was changed. */
  async revokeAll(manager: EntityManager, userId: string, exceptSessionId?: string): Promise<void> {
    await manager.query(
      `UPDATE sessions SET revoked_at = now()
        WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2`,
      [userId, exceptSessionId ?? null],
    );
  }

  /** Ends all sessions of a user who asks for it, the one in which it is asked included. */
  async signOutEverywhere(userId: string, actor: Actor): Promise<void> {
    await this.manager.transaction(async (manager) => {
      await this.revokeAll(manager, userId);
      await this.audit.record(manager, {
        action: 'session.logoutAll',
        ...actor,
        resourceType: 'user',
        resourceId: userId,
      });
    });
  }

  /** What the user of a running session may do now; null once the session ended or the user was deactivated. */
  async findRunning(sessionId: string, userId: string): Promise<{ isAdmin: boolean } | null> {
    const rows = await this.manager.query<{ isAdmin: boolean }[]>(
      `SELECT u.is_admin AS "isAdmin" FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = $1 AND u.id = $2 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.is_active`,
      [sessionId, userId],
    );
    return rows[0] ?? null;
  }

  /** Access tokens end with their session, so it lasts at least as long as they are said to. */
  private get lifetimeSeconds(): number {
    const { accessTokenSeconds, refreshTokenSeconds } = this.settings.accounts;
    return Math.max(accessTokenSeconds, refreshTokenSeconds);
  }

  private async issue(manager: EntityManager, sessionId: string): Promise<string> {
    const refreshToken = randomBytes(TOKEN_BYTES).toString('base64url');
    await manager.insert(RefreshTokenEntity, {
      id: uuidv7(),
      sessionId,
      tokenHash: hashOf(refreshToken),
    });
    return refreshToken;
  }

  private async find(tokenHash: string): Promise<KnownToken | undefined> {
    const rows = await this.manager.query<KnownToken[]>(
      `SELECT t.session_id AS "sessionId", s.user_id AS "userId", t.used_at IS NOT NULL AS "isUsed"
         FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = $1`,
      [tokenHash],
    );
    return rows[0];
  }

  private async end(known: KnownToken, action: string): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const [ended] = await updated(
        manager,
        'UPDATE sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
        [known.sessionId],
      );
      if (ended === undefined) return;
      await this.audit.record(manager, {
        action,
        actorId: known.userId,
        resourceType: 'session',
        resourceId: known.sessionId,
      });
    });
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** TypeORM answers a raw UPDATE … RETURNING with `[rows, count]`. */
async function updated(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<{ id: string }[]> {
  const [rows] = await manager.query<[{ id: string }[], number]>(sql, parameters);
  return rows;
}
