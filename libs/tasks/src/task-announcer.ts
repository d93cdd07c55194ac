import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/logging';
import { Broadcast, Outbox, taskMessage } from '@app/messaging';
import { DataSource, type EntityManager } from 'typeorm';
import type { TaskEntity } from './task.entity.js';

/** Tells workers that a task is due. Saying it twice, or not at all, does no harm: see TaskSweeper. */
@Injectable()
export class TaskAnnouncer implements OnApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly broadcast: Broadcast,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Once the transaction of `manager` is committed; {@link wake} makes it prompt. */
  async announce(manager: EntityManager, task: Pick<TaskEntity, 'id' | 'kind' | 'requestId'>): Promise<void> {
    await this.outbox.add(manager, {
      queue: task.kind,
      message: taskMessage(task.kind, task.id),
      ...(task.requestId !== null && { requestId: task.requestId }),
    });
  }

  /** After a while, if this process lives that long; else the sweeper does it. */
  announceLater(task: TaskEntity, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.announce(this.dataSource.manager, task).then(
        () => this.wake(),
        (err: unknown) => this.logger.warn({ err, taskId: task.id }, 'a retry is left to the sweeper'),
      );
    }, delayMs);
    this.timers.add(timer);
  }

  /** Tells whoever watches the task. After the commit. */
  changed(id: string): void {
    this.broadcast.changed({ subject: 'task', id });
  }

  wake(): void {
    this.outbox.wake();
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
