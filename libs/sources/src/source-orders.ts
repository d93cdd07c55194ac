import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { Actor } from '@app/audit';
import { isUniqueViolation } from '@app/database';
import { type ScheduleHandler, ScheduleHandlers, Schedules } from '@app/schedules';
import { type TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SourceEntity } from './source.entity.js';
import { OPEN_RUN, type RunTrigger, SourceRunEntity } from './source-run.entity.js';

export const SCHEDULE_KIND = 'source';

/** Orders runs of sources: at their times, and on demand. A source has one open run at most. */
@Injectable()
export class SourceOrders implements ScheduleHandler, OnModuleInit {
  readonly kind = SCHEDULE_KIND;

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly tasks: TaskService,
    private readonly schedules: Schedules,
    private readonly handlers: ScheduleHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  /** The task that pulls it: the one of an open run, else a new one. */
  async request(source: SourceEntity, actor: Actor): Promise<TaskEntity> {
    try {
      const task = await this.manager.transaction(async (manager) => {
        const open = await openRun(manager, source.id);
        if (open !== null) return null;
        await this.schedules.started(manager, { kind: SCHEDULE_KIND, subjectId: source.id });
        return this.order(manager, source, 'request', actor);
      });
      this.tasks.announce();
      if (task !== null) return task;
    } catch (error) {
      if (!isUniqueViolation(error, OPEN_RUN)) throw error;
    }
    const open = await openRun(this.manager, source.id);
    // It ended just now: what came since is for a run of its own.
    return open === null ? this.request(source, actor) : this.tasks.get(open.taskId);
  }

  /** A run that is still open is not overtaken: its source is looked at again at the next time. */
  async due(manager: EntityManager, sourceId: string): Promise<void> {
    const source = await manager.findOneBy(SourceEntity, { id: sourceId, deletedAt: IsNull() });
    if (source === null || !(await isLive(manager, source))) {
      await this.schedules.remove(manager, { kind: SCHEDULE_KIND, subjectId: sourceId });
      return;
    }
    if ((await openRun(manager, sourceId)) === null) {
      await this.order(
        manager,
        source,
        'schedule',
        source.createdBy === null ? {} : { actorId: source.createdBy },
      );
    }
  }

  committed(): void {
    this.tasks.announce();
  }

  private async order(
    manager: EntityManager,
    { id: sourceId, customerId, datasetId }: SourceEntity,
    trigger: RunTrigger,
    { actorId }: Actor,
  ): Promise<TaskEntity> {
    const id = uuidv7();
    const taskId = uuidv7();
    await manager.insert(SourceRunEntity, { id, sourceId, taskId, trigger });
    return this.tasks.enqueue(manager, {
      id: taskId,
      kind: 'sync',
      customerId,
      datasetId,
      payload: { sourceId, runId: id },
      ...(actorId !== undefined && { createdBy: actorId }),
    });
  }
}

export const openRun = (manager: EntityManager, sourceId: string): Promise<SourceRunEntity | null> =>
  manager.findOneBy(SourceRunEntity, { sourceId, status: In(['queued', 'running']) });

async function isLive(manager: EntityManager, { customerId, datasetId }: SourceEntity): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM customers c JOIN datasets d ON d.id = $2 AND d.deleted_at IS NULL
      WHERE c.id = $1 AND c.deleted_at IS NULL`,
    [customerId, datasetId],
  );
  return rows.length > 0;
}
