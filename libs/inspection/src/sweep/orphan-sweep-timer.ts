import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { OrphanSweeper } from './orphan-sweeper.js';

/** Sweeps now and then; the first time after a while, as processes tend to begin together. */
@Injectable()
export class OrphanSweepTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly sweeper: OrphanSweeper,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.round().finally(() => this.schedule());
    }, this.settings.operations.orphanSweepSeconds * 1000);
  }

  private async round(): Promise<void> {
    try {
      await this.sweeper.sweep();
    } catch (err) {
      this.logger.warn({ err }, 'unused data could not be swept; it is tried again');
    }
  }
}
