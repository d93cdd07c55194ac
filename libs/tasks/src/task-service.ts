import { Inject, Injectable } from '@nestjs/common';
import { type Actor, AuditLog } from '@app/audit';
import { SETTINGS, type Settings } from '@app/config';
import { isUniqueViolation } from '@app/database';
import { currentContext } from '@app/logging';
import type { TaskKind } from '@app/messaging';
import { notFound, Problem } from '@app/problems';
import { DataSource, type EntityManager, In, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { unpark } from './dead-letters/parking.js';
import { TaskEntity, type TaskStatus } from './task.entity.js';
import { TaskAnnouncer } from './task-announcer.js';
import { TaskHandlers } from './task-handlers.js';

export interface NewTask {
  /** UUID v7, where the caller needs it before the task is there. */
  id?: string;
  kind: TaskKind;
  customerId: string;
  datasetId?: string;
  uploadId?: string;
  reportId?: string;
  payload?: object;
  createdBy?: string;
  /** Starts it may have; those of the settings unless told. */
  maxAttempts?: number;
}

export interface TaskFilter {
  customerIds: string[];
  datasetId?: string;
  kind?: TaskKind;
  status?: TaskStatus;
  /** A LIKE pattern for notes and messages of errors. */
  pattern?: string;
}

export interface TaskListing {
  orderBy: 'createdAt' | 'finishedAt' | 'status' | 'kind';
  direction: 'ASC' | 'DESC';
  skip: number;
  take: number;
}

const FLOOD_RETRY_SECONDS = 30;
const CANCELLED = { code: 'cancelled', message: 'The task was cancelled.' };
const isOpen = (task: TaskEntity): boolean => task.status === 'queued' || task.status === 'running';

/** What others do with tasks: order them, look at them, stop them, have them tried again. */
@Injectable()
export class TaskService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly handlers: TaskHandlers,
    private readonly announcer: TaskAnnouncer,
    private readonly audit: AuditLog,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Orders a task in the caller's transaction: if that commits, the task will run. {@link announce} after the
   * commit makes it run at once.
   * Deliveries follow from work that was taken already; nothing of it is undone because there are many.
   * @throws Problem rate_limited where the customer has as many open tasks as it may
   */
  async enqueue(manager: EntityManager, task: NewTask): Promise<TaskEntity> {
    if (task.kind !== 'delivery') await this.refuseFlood(manager, task.customerId);
    const row = manager.create(TaskEntity, {
      ...task,
      id: task.id ?? uuidv7(),
      maxAttempts: task.maxAttempts ?? this.settings.tasks.maxAttempts,
      requestId: currentContext()?.requestId ?? null,
    });
    await manager.insert(TaskEntity, row);
    await this.announcer.announce(manager, row);
    return manager.findOneByOrFail(TaskEntity, { id: row.id });
  }

  announce(): void {
    this.announcer.wake();
  }

  /** @throws Problem not_found */
  async get(id: string): Promise<TaskEntity> {
    const task = await this.dataSource.manager.findOneBy(TaskEntity, { id });
    if (task === null) throw notFound('task');
    return task;
  }

  async list(filter: TaskFilter, listing: TaskListing): Promise<{ tasks: TaskEntity[]; count: number }> {
    const { customerIds, pattern, ...equal } = filter;
    const query = this.dataSource.manager
      .createQueryBuilder(TaskEntity, 'task')
      .where({ customerId: In(customerIds), ...equal })
      .orderBy(`task.${listing.orderBy}`, listing.direction)
      .addOrderBy('task.id', listing.direction)
      .skip(listing.skip)
      .take(listing.take);
    if (pattern !== undefined) {
      query.andWhere("(task.note ILIKE :pattern OR task.error ->> 'message' ILIKE :pattern)", { pattern });
    }
    const [tasks, count] = await query.getManyAndCount();
    return { tasks, count };
  }

  /**
   * Ends a queued or running task now; whoever works on it notices within seconds and can publish nothing. With
   * `manager` it is part of that transaction, which must not yet have locked the task's subject.
   * A task that is cancelled already stays so. With `actor` it is audited as a deed of its own.
   * @throws Problem not_found; conflict where the task is finished
   */
  async cancel(id: string, manager?: EntityManager, actor?: Actor): Promise<TaskEntity> {
    if (manager === undefined) {
      const cancelled = await this.dataSource.transaction((own) => this.cancel(id, own, actor));
      this.announcer.changed(id);
      return cancelled;
    }
    const task = await this.locked(manager, id);
    if (task.status === 'cancelled') return task;
    if (!isOpen(task)) throw new Problem('conflict', `The task is ${task.status} and cannot be cancelled.`);
    await manager.update(
      TaskEntity,
      { id },
      { status: 'cancelled', leaseOwner: null, leaseUntil: null, finishedAt: () => 'now()' },
    );
    await this.handlers.of(task.kind).ended(manager, task, 'cancelled', CANCELLED);
    if (actor !== undefined) await this.audit.recordDeed(manager, 'task.cancel', task, actor);
    return manager.findOneByOrFail(TaskEntity, { id });
  }

  /**
   * Gives a failed or cancelled task all its attempts again.
   * @throws Problem not_found; conflict where it is in another state, or where the same work was ordered since
   */
  async retry(id: string, actor: Actor): Promise<TaskEntity> {
    const retried = await this.dataSource
      .transaction((manager) => this.requeue(manager, id, actor))
      .catch((error: unknown) => {
        if (!isUniqueViolation(error)) throw error;
        throw new Problem('conflict', 'The same work exists again by now.', { cause: error });
      });
    this.announce();
    this.announcer.changed(id);
    return retried;
  }

  /** @throws Problem not_found */
  async patch(
    id: string,
    changes: { note?: string | null; priority?: number },
    actor: Actor,
  ): Promise<TaskEntity> {
    const fields = Object.keys(changes);
    if (fields.length === 0) return this.get(id);
    return this.dataSource.transaction(async (manager) => {
      const task = await this.locked(manager, id);
      await manager.update(TaskEntity, { id }, changes);
      await this.audit.recordDeed(manager, 'task.update', task, actor, { fields });
      return manager.findOneByOrFail(TaskEntity, { id });
    });
  }

  /** A finished task leaves the lists; one that is not finished is cancelled. @throws Problem not_found */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const task = await this.locked(manager, id);
      if (isOpen(task)) {
        await this.cancel(id, manager, actor);
        return;
      }
      await manager.softDelete(TaskEntity, { id });
      await unpark(manager, id);
      await this.audit.recordDeed(manager, 'task.delete', task, actor);
    });
  }

  private async refuseFlood(manager: EntityManager, customerId: string): Promise<void> {
    const { openTasksPerCustomer } = this.settings.capacity;
    const open = await manager.countBy(TaskEntity, {
      customerId,
      status: In(['queued', 'running']),
      kind: Not('delivery'),
    });
    if (open < openTasksPerCustomer) return;
    throw new Problem(
      'rate_limited',
      `This customer has ${open} tasks that wait or run; more are not taken.`,
      {
        retryAfterSeconds: FLOOD_RETRY_SECONDS,
      },
    );
  }

  private async requeue(manager: EntityManager, id: string, actor: Actor): Promise<TaskEntity> {
    const task = await this.locked(manager, id);
    if (task.status !== 'failed' && task.status !== 'cancelled') {
      throw new Problem(
        'conflict',
        `The task is ${task.status}; only a failed or cancelled one can be tried again.`,
      );
    }
    await manager.update(
      TaskEntity,
      { id },
      {
        status: 'queued',
        attempts: 0,
        crashes: 0,
        error: null,
        progress: null,
        startedAt: null,
        finishedAt: null,
        runAt: () => 'now()',
        announcedAt: () => 'now()',
        requestId: currentContext()?.requestId ?? task.requestId,
      },
    );
    const queued = await manager.findOneByOrFail(TaskEntity, { id });
    await this.handlers.of(task.kind).requeued?.(manager, queued);
    await unpark(manager, id);
    await this.announcer.announce(manager, queued);
    await this.audit.recordDeed(manager, 'task.retry', queued, actor);
    return queued;
  }

  private async locked(manager: EntityManager, id: string): Promise<TaskEntity> {
    const task = await manager.findOne(TaskEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (task === null) throw notFound('task');
    return task;
  }
}
