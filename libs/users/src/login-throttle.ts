import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { Problem } from '@app/problems';
import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { networkOf } from './network-of.js';

const ADDRESS_WINDOW_SECONDS = 60;
const FAILURES_REMEMBERED_SECONDS = 24 * 3600;
const LONGEST_LOCK_SECONDS = 15 * 60;

/** Seconds an account is locked at its n-th attempt beyond the free ones: 1, 2, 4 … 900. */
export const lockSeconds = (beyond: number): number =>
  Math.min(2 ** Math.min(beyond, 10), LONGEST_LOCK_SECONDS);

/**
 * Slows down guessing: each failed login of an account beyond the allowed ones locks it for twice as long, and
 * an address (of IPv6 a network of 64 bits) has only so many failures a minute. Counted in Postgres, so that it holds over all api processes.
 * Sessions that are already open are not touched, hence nobody can be locked out of one by others.
 */
@Injectable()
export class LoginThrottle {
  private readonly failures: RateLimiterPostgres;
  private readonly locks: RateLimiterPostgres;
  private readonly addresses: RateLimiterPostgres;

  constructor(
    @InjectDataSource() dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    const counter = (keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
      new RateLimiterPostgres({
        storeClient: dataSource,
        storeType: 'typeorm',
        tableName: 'login_attempts',
        tableCreated: true,
        keyPrefix,
        points,
        duration,
      });
    const { loginAttemptsPerAccount, loginAttemptsPerAddress } = settings.accounts;
    this.failures = counter('failures', loginAttemptsPerAccount, FAILURES_REMEMBERED_SECONDS);
    this.locks = counter('lock', 1, LONGEST_LOCK_SECONDS);
    this.addresses = counter('address', loginAttemptsPerAddress, ADDRESS_WINDOW_SECONDS);
  }

  /**
   * Counts an attempt before its password is looked at, so that parallel guesses are counted too; a good login
   * takes it back with {@link succeeded}.
   * @throws Problem rate_limited with the seconds to wait
   */
  async admit(email: string, address: string): Promise<void> {
    const account = keyOf(email);
    await refuseIfSpent(this.addresses.consume(networkOf(address)));
    const lock = await this.locks.get(account);
    if (lock !== null) throw tooMany(lock);
    const { consumedPoints } = await this.failures.penalty(account);
    const beyond = consumedPoints - this.settings.accounts.loginAttemptsPerAccount;
    if (beyond < 0) return;
    await refuseIfSpent(this.locks.consume(account, 1, { customDuration: lockSeconds(beyond) }));
  }

  /** For an attempt whose password could not be looked at. */
  async takeBack(email: string, address: string): Promise<void> {
    await Promise.all([this.failures.reward(keyOf(email)), this.addresses.reward(networkOf(address))]);
  }

  async succeeded(email: string, address: string): Promise<void> {
    const account = keyOf(email);
    await Promise.all([
      this.failures.delete(account),
      this.locks.delete(account),
      this.addresses.reward(networkOf(address)),
    ]);
  }
}

/** The table holds no addresses of people. */
const keyOf = (email: string): string => createHash('sha256').update(email).digest('base64url');

async function refuseIfSpent(attempt: Promise<RateLimiterRes>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof RateLimiterRes) throw tooMany(error);
    throw error;
  }
}

const tooMany = (state: RateLimiterRes): Problem =>
  new Problem('rate_limited', 'Too many failed logins, try again later.', {
    retryAfterSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
  });
