import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SETTINGS, type Settings } from '@app/config';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** What every access token says of itself, and what is demanded of each one that comes in. */
export const ACCESS_TOKEN = { issuer: 'datacore', audience: 'datacore-api', type: 'access' } as const;

/** The claims of an access token whose signature, issuer, audience and time have been checked. */
export const accessTokenClaims = z.object({
  /** Keeps a token made for anything else with the same key from being used here. */
  typ: z.literal(ACCESS_TOKEN.type),
  /** User. */
  sub: z.uuid(),
  /** Session: the token ends with it. */
  sid: z.uuid(),
  exp: z.number(),
});

@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** A signed token and the seconds it lasts. */
  async sign(userId: string, sessionId: string): Promise<{ accessToken: string; expiresIn: number }> {
    const expiresIn = this.settings.accounts.accessTokenSeconds;
    const accessToken = await this.jwt.signAsync(
      { typ: ACCESS_TOKEN.type, sid: sessionId },
      {
        subject: userId,
        // Two tokens of one session made in the same second differ, too.
        jwtid: randomUUID(),
        algorithm: this.settings.accounts.algorithm,
        secret: this.settings.accounts.secretKey,
        issuer: ACCESS_TOKEN.issuer,
        audience: ACCESS_TOKEN.audience,
        expiresIn,
      },
    );
    return { accessToken, expiresIn };
  }
}
