import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { Rounds } from '@app/rounds';
import { DataSource } from 'typeorm';
import { CLOCK, type Clock } from './clock.js';
import { ScheduleEntity } from './schedule.entity.js';
import { ScheduleHandlers } from './schedule-handlers.js';
import { restart } from './schedules.js';

const LOOK_EVERY_MS = 2000;

/**
 * Begins what is due. Any number of processes look; a schedule is claimed by a lock on its row, and its next time is set in
 * the transaction in which its work begins, so that each time begins once. Times that were missed begin once together.
 */
@Injectable()
export class ScheduleRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds = new Rounds(LOOK_EVERY_MS, () => this.round());
  private failing = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly handlers: ScheduleHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }

  /** Begins everything that is due now and that no other process is at. @returns how many */
  async beginDue(): Promise<number> {
    const now = this.clock();
    const failed: string[] = [];
    for (let begun = 0; ; begun += 1) {
      const claimed = await this.beginNext(now, failed);
      if (!claimed) return begun - failed.length;
    }
  }

  private async round(): Promise<void> {
    try {
      await this.beginDue();
      this.failing = false;
    } catch (err) {
      if (!this.failing) this.logger.warn({ err }, 'the schedules could not be looked at');
      this.failing = true;
    }
  }

  /** @returns false where nothing is due any more; subjects whose handler failed are added to `failed` */
  private async beginNext(now: Date, failed: string[]): Promise<boolean> {
    let schedule: ScheduleEntity | null = null;
    try {
      await this.dataSource.transaction(async (manager) => {
        schedule = await manager
          .createQueryBuilder(ScheduleEntity, 'schedule')
          .where('schedule.nextAt <= :now AND schedule.kind = ANY(:kinds)', {
            now,
            kinds: this.handlers.kinds,
          })
          .andWhere("NOT (schedule.kind || ':' || schedule.subjectId = ANY(:failed))", { failed })
          .orderBy('schedule.nextAt')
          .limit(1)
          .setLock('pessimistic_write')
          .setOnLocked('skip_locked')
          .getOne();
        if (schedule === null) return;
        const { kind, subjectId, nextAt } = schedule;
        // First, so that a handler may plan its subject otherwise or remove it.
        await restart(manager, schedule, now);
        await this.handlers.of(kind).due(manager, subjectId, nextAt ?? now);
      });
    } catch (err) {
      if (schedule === null) throw err;
      const { kind, subjectId } = schedule as ScheduleEntity;
      failed.push(`${kind}:${subjectId}`);
      this.logger.warn({ err, kind, subjectId }, 'what is due could not begin');
      return true;
    }
    if (schedule === null) return false;
    this.handlers.of((schedule as ScheduleEntity).kind).committed?.();
    return true;
  }
}
