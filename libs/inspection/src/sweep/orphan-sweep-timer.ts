import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { Rounds } from '@app/rounds';
import { OrphanSweeper } from './orphan-sweeper.js';

/** Sweeps now and then; the first time after a while, as processes tend to begin together. */
@Injectable()
export class OrphanSweepTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Rounds;

  constructor(
    private readonly sweeper: OrphanSweeper,
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new Rounds(settings.operations.orphanSweepSeconds * 1000, () => this.round());
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }

  private async round(): Promise<void> {
    try {
      await this.sweeper.sweep();
    } catch (err) {
      this.logger.warn({ err }, 'unused data could not be swept; it is tried again');
    }
  }
}
