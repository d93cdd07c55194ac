import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { Rounds } from '@app/rounds';
import { StreamJournal } from './stream-journal.js';

const PURGE_EVERY_MS = 60 * 60 * 1000;

/** Keeps the stream short. */
@Injectable()
export class StreamPurge implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Rounds;

  constructor(journal: StreamJournal, @Inject(LOGGER) logger: Logger) {
    this.rounds = new Rounds(PURGE_EVERY_MS, () =>
      journal.purge().catch((err: unknown) => logger.warn({ err }, 'old events could not be removed')),
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }
}
