import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { FrameRepository } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { Problem } from '@app/problems';
import {
  LeaseLost,
  type TaskContext,
  type TaskEntity,
  type TaskError,
  type TaskHandler,
  TaskHandlers,
} from '@app/tasks';
import { type EntityManager, In, IsNull } from 'typeorm';
import { ReportEntity } from '../report.entity.js';
import { Segmenter } from './segmenter.js';

/** Makes the report a task asks for and shows it, whole or not at all. */
@Injectable()
export class SegmentationHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'segmentation';

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly handlers: TaskHandlers,
    private readonly segmenter: Segmenter,
    private readonly repository: FrameRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async started(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(ReportEntity, { id: subject(task) }, { status: 'running', error: null });
  }

  async requeued(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(
      ReportEntity,
      { id: subject(task) },
      { status: 'queued', error: null, finishedAt: null },
    );
  }

  async ended(
    manager: EntityManager,
    task: TaskEntity,
    status: 'failed' | 'cancelled',
    { code, message }: TaskError,
  ): Promise<void> {
    await manager.update(
      ReportEntity,
      { id: subject(task), status: In(['queued', 'running']) },
      { status, error: { code, message }, finishedAt: () => 'now()' },
    );
  }

  async run(context: TaskContext): Promise<void> {
    const id = subject(context.task);
    const report = await this.manager.findOneBy(ReportEntity, { id, deletedAt: IsNull() });
    if (report === null) throw new Problem('not_found', 'The report was deleted.');
    try {
      const { outcome, members, continues } = await this.segmenter.segment(report, context);
      await context.publish(async (manager) => {
        await manager.update(
          ReportEntity,
          { id },
          { status: 'succeeded', outcome, members, continues, error: null, finishedAt: () => 'now()' },
        );
        return { reportId: id, k: outcome.k, shoppers: outcome.data.shoppers };
      });
    } catch (error) {
      // Any other failure may hide a commit that succeeded; what it left is swept by the next attempt.
      if (error instanceof LeaseLost || context.signal.aborted) await this.forget(id, context.fence);
      throw error;
    }
    await this.sweepEarlierAttempts(id, context.fence);
  }

  /** Members that attempts wrote which were killed; no reader ever knew of them. */
  private async sweepEarlierAttempts(id: string, fence: number): Promise<void> {
    for (let revision = 1; revision < fence; revision += 1) await this.forget(id, revision);
  }

  private async forget(id: string, revision: number): Promise<void> {
    try {
      await this.repository.removeRevision(id, revision);
    } catch (err) {
      this.logger.warn({ err, reportId: id, revision }, 'members of a failed attempt could not be removed');
    }
  }
}

function subject(task: TaskEntity): string {
  if (task.reportId === null) throw new Problem('unprocessable', 'The task names no report.');
  return task.reportId;
}
