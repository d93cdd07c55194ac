import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { DataSource, type EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { LeaseLost } from './failures.js';
import { TaskEntity, type TaskError, type TaskProgress } from './task.entity.js';
import { TaskAnnouncer } from './task-announcer.js';
import { TaskHandlers } from './task-handlers.js';

type Changes = QueryDeepPartialEntity<TaskEntity>;

const NOW = () => 'now()';
const RELEASED = { leaseOwner: null, leaseUntil: null } as const satisfies Changes;

/**
 * Every step of an attempt in Postgres. A step but the claim takes effect only while the task is running under
 * the fence number of that claim, so that an attempt which was overtaken or cancelled changes nothing.
 */
@Injectable()
export class TaskClaims {
  private readonly lease: () => string;

  constructor(
    private readonly dataSource: DataSource,
    private readonly handlers: TaskHandlers,
    private readonly announcer: TaskAnnouncer,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.lease = () => `now() + interval '${settings.tasks.leaseSeconds} seconds'`;
  }

  /** The task as it runs now, or null where it is not due: finished, running elsewhere, too early, used up. */
  async claim(id: string, owner: string): Promise<TaskEntity | null> {
    return this.dataSource.transaction(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(TaskEntity)
        .set({
          status: 'running',
          fence: () => 'fence + 1',
          attempts: () => 'attempts + 1',
          leaseOwner: owner,
          leaseUntil: this.lease,
          startedAt: () => 'COALESCE(started_at, now())',
          progress: null,
        })
        .where('id = :id', { id })
        .andWhere("(status = 'queued' AND run_at <= now() OR status = 'running' AND lease_until < now())")
        .execute();
      if (affected === 0) return null;
      const task = await manager.findOneByOrFail(TaskEntity, { id });
      const handler = this.handlers.of(task.kind);
      if (task.attempts > task.maxAttempts) {
        const error = usedUp(task);
        await this.change(manager, task, { ...RELEASED, status: 'failed', error, finishedAt: NOW });
        await handler.ended(manager, task, 'failed', error);
        return null;
      }
      await handler.started?.(manager, task);
      return task;
    });
  }

  /** Renews the lease. @returns whether the attempt still owns the task */
  async renew(task: TaskEntity, progress: TaskProgress | null): Promise<boolean> {
    return this.change(this.dataSource.manager, task, {
      leaseUntil: this.lease,
      ...(progress !== null && { progress }),
    });
  }

  /** @throws LeaseLost */
  async succeed(
    task: TaskEntity,
    progress: TaskProgress | null,
    work: (manager: EntityManager) => Promise<object>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // The lock comes first, as in every other transaction about a task, or they could wait for each other.
      const { id, fence } = task;
      const owned = await manager.findOne(TaskEntity, {
        where: { id, fence, status: 'running' },
        lock: { mode: 'pessimistic_write' },
      });
      if (owned === null) throw new LeaseLost();
      const result = await work(manager);
      await this.change(manager, task, {
        ...RELEASED,
        status: 'succeeded',
        result,
        error: null,
        ...(progress !== null && { progress }),
        finishedAt: NOW,
      });
    });
  }

  async fail(task: TaskEntity, error: TaskError): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const changes: Changes = { ...RELEASED, status: 'failed', error, finishedAt: NOW };
      if (!(await this.change(manager, task, changes))) return;
      await this.handlers.of(task.kind).ended(manager, task, 'failed', error);
    });
  }

  /** Back to the queue for another attempt after a while. @returns whether the attempt still owned the task */
  async retryLater(task: TaskEntity, error: TaskError, delayMs: number): Promise<boolean> {
    const due = () => `now() + interval '${Math.round(delayMs)} milliseconds'`;
    return this.dataSource.transaction(async (manager) => {
      const changes: Changes = { ...RELEASED, status: 'queued', error, runAt: due, announcedAt: due };
      if (!(await this.change(manager, task, changes))) return false;
      await this.handlers.of(task.kind).requeued?.(manager, task);
      return true;
    });
  }

  /** Back to the queue at once, as if the attempt had not been made. */
  async giveBack(task: TaskEntity): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const changes: Changes = {
        ...RELEASED,
        status: 'queued',
        attempts: () => 'attempts - 1',
        announcedAt: NOW,
      };
      if (!(await this.change(manager, task, changes))) return;
      await this.handlers.of(task.kind).requeued?.(manager, task);
      await this.announcer.announce(manager, task);
    });
  }

  private async change(manager: EntityManager, task: TaskEntity, changes: Changes): Promise<boolean> {
    const { id, fence } = task;
    const { affected } = await manager.update(TaskEntity, { id, fence, status: 'running' }, changes);
    return affected === 1;
  }
}

const usedUp = (task: TaskEntity): TaskError => ({
  code: 'poison',
  message: `The work was started ${task.maxAttempts} times and never came to an end, so it is not tried again.`,
});
