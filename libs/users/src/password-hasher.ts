import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { BoundedQueue } from './bounded-queue.js';

// OWASP Password Storage Cheat Sheet: argon2id (the package's default) with 19 MiB, t = 2, p = 1.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT_HASH = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 20;

/** Hashing eats a core and 19 MiB a piece: a flood of logins is refused here before it slows everything else. */
@Injectable()
export class PasswordHasher {
  private readonly queue = new BoundedQueue(HASHES_AT_ONCE, HASHES_WAITING);
  private readonly nobodysHash = hash(randomBytes(16), COST);

  /** @throws Problem rate_limited while too many are being hashed */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(canonical(password), COST));
  }

  /**
   * Whether the password fits. Without a hash, that is for an unknown user, it is false after the same work.
   * @throws Problem rate_limited while too many are being hashed
   */
  verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    return this.queue.run(async () => {
      const fits = await verify(passwordHash ?? (await this.nobodysHash), canonical(password));
      return fits && passwordHash !== undefined;
    });
  }

  /** Whether it was made with other parameters than today's. */
  isOutdated(passwordHash: string): boolean {
    return !passwordHash.startsWith(CURRENT_HASH);
  }
}

/** The same password typed on another keyboard or system gives the same bytes. */
const canonical = (password: string): string => password.normalize('NFKC');
