import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AccessTokens } from './access-token.js';

const TICKET_BYTES = 32;
const LIFETIME_SECONDS = 60;

/** What a ticket was made for. */
export interface Download {
  /** Path and query below the host, as it was asked for. */
  path: string;
  /** Speaks for the user who asked, in the session in which it was asked. */
  accessToken: string;
}

/**
 * Addresses that are good for one download within a minute: a browser saves a file by address alone, where
 * no token may stand. The rights of the user are looked at when the ticket is used, not when it is made.
 */
@Injectable()
export class DownloadTickets {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** @returns the ticket, of which only a hash is kept */
  async issue(userId: string, sessionId: string, path: string): Promise<string> {
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    await this.manager.query('DELETE FROM download_tickets WHERE expires_at < now()');
    await this.manager.query(
      `INSERT INTO download_tickets (ticket_hash, user_id, session_id, path, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      [hashOf(ticket), userId, sessionId, path, LIFETIME_SECONDS],
    );
    return ticket;
  }

  /** What the ticket is good for, and it is spent; undefined where it never was, is spent or is too old. */
  async redeem(ticket: string): Promise<Download | undefined> {
    const [rows] = await this.manager.query<
      [{ user_id: string; session_id: string; path: string; is_fresh: boolean }[], number]
    >(
      `DELETE FROM download_tickets WHERE ticket_hash = $1
       RETURNING user_id, session_id, path, expires_at > now() AS is_fresh`,
      [hashOf(ticket)],
    );
    const [found] = rows;
    if (found === undefined || !found.is_fresh) return undefined;
    const { accessToken } = await this.accessTokens.sign(found.user_id, found.session_id);
    return { path: found.path, accessToken };
  }
}

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('hex');
