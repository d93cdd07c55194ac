import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ADVISORY_LOCK } from '@app/database';
import { LOGGER, type Logger } from '@app/logging';
import { Rounds } from '@app/rounds';
import { DataSource } from 'typeorm';
import { FIRST_SEAL, lastSeal, sealOf, unsealedEntries } from './audit-seal.js';

const SEAL_EVERY_MS = 10_000;
const BATCH_SIZE = 1000;

/**
 * Seals audit entries a few seconds after they were written. Writers themselves do not: a chain that they prolong would
 * make all of them wait for each other's commits.
 */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds = new Rounds(SEAL_EVERY_MS, () => this.round());
  private failing = false;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }

  /** Seals what is there. @returns how many entries; 0 also where another process is at it */
  async seal(): Promise<number> {
    let sealed = 0;
    for (;;) {
      const count = await this.sealBatch();
      sealed += count;
      if (count < BATCH_SIZE) return sealed;
    }
  }

  private async round(): Promise<void> {
    try {
      await this.seal();
      this.failing = false;
    } catch (err) {
      if (!this.failing) this.logger.warn({ err }, 'audit entries could not be sealed');
      this.failing = true;
    }
  }

  private sealBatch(): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const [lock] = await manager.query<{ ours: boolean }[]>(
        'SELECT pg_try_advisory_xact_lock($1) AS ours',
        [ADVISORY_LOCK.auditSeal],
      );
      if (lock?.ours !== true) return 0;
      const last = await lastSeal(manager);
      const entries = await unsealedEntries(manager, BATCH_SIZE);
      if (entries.length === 0) return 0;
      let hash = last?.hash ?? FIRST_SEAL;
      const hashes = entries.map((entry) => (hash = sealOf(hash, entry)));
      await manager.query(
        `INSERT INTO audit_seals (position, entry_id, hash)
         SELECT $1::bigint + n, id, hash FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS new(id, hash, n)`,
        [last?.position ?? '0', entries.map(({ id }) => id), hashes],
      );
      // Outside the database, for whoever doubts the database.
      this.logger.debug({ entries: entries.length, hash }, 'audit entries sealed');
      return entries.length;
    });
  }
}
