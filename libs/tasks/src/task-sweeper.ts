import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { Publisher, TASK_KINDS, type TaskKind } from '@app/messaging';
import { Rounds } from '@app/rounds';
import { DataSource, type EntityManager } from 'typeorm';
import { TaskEntity } from './task.entity.js';
import { TaskAnnouncer } from './task-announcer.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { DUE, overdue } from './task-turns.js';

const BATCH_SIZE = 500;

/**
 * The net under the messages: whatever became of them, every task that is due, or whose worker died, is announced
 * (again). A wiped broker, a lost timer or a crash at any point therefore costs time and no task. What the broker put
 * aside is taken into Postgres.
 */
@Injectable()
export class TaskSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Rounds;
  private failing = false;
  /** Kinds that were short of messages in the round before. */
  private readonly short = new Set<TaskKind>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
    private readonly announcer: TaskAnnouncer,
    private readonly deadLetters: DeadLetters,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new Rounds(settings.tasks.sweepSeconds * 1000, () => this.round());
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }

  private async round(): Promise<void> {
    // Without a broker the announcements of before are all still in the outbox.
    if (!this.publisher.isConnected) return;
    try {
      for (const kind of TASK_KINDS) await this.sweep(kind);
      const collected = await this.deadLetters.collect();
      if (collected > 0) this.logger.warn({ collected }, 'messages lay in the dead-letter queue');
      this.failing = false;
    } catch (err) {
      if (!this.failing) this.logger.warn({ err }, 'tasks could not be swept');
      this.failing = true;
    }
  }

  private async sweep(kind: TaskKind): Promise<void> {
    const silent = overdue(this.settings.tasks.leaseSeconds);
    const conditions = (await this.messagesAreMissing(kind)) ? `(${DUE} OR ${silent})` : `(${silent})`;
    const announced = await this.dataSource.transaction((manager) =>
      this.announce(manager, kind, conditions),
    );
    if (announced === 0) return;
    this.announcer.wake();
    this.logger.info({ kind, announced }, 'tasks announced again');
  }

  /**
   * A long queue is no loss: only where it holds fewer messages than there are due tasks, some are gone. One round
   * may just have seen a message on its way to a worker; the next one no longer does.
   */
  private async messagesAreMissing(kind: TaskKind): Promise<boolean> {
    const due = await this.dataSource.manager
      .createQueryBuilder(TaskEntity, 'task')
      .where('task.kind = :kind', { kind })
      .andWhere(DUE)
      .getCount();
    const wasShort = this.short.delete(kind);
    if (due === 0 || (await this.publisher.depth(kind)) >= due) return false;
    this.short.add(kind);
    return wasShort;
  }

  private async announce(manager: EntityManager, kind: TaskKind, conditions: string): Promise<number> {
    const tasks = await manager
      .createQueryBuilder(TaskEntity, 'task')
      .where('task.kind = :kind', { kind })
      .andWhere(conditions)
      .andWhere('task.announced_at < now() - make_interval(secs => :age)', {
        age: this.settings.tasks.sweepSeconds,
      })
      .orderBy('task.run_at')
      .limit(BATCH_SIZE)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    for (const task of tasks) {
      await manager.update(TaskEntity, { id: task.id }, { announcedAt: () => 'now()' });
      await this.announcer.announce(manager, task);
    }
    return tasks.length;
  }
}
