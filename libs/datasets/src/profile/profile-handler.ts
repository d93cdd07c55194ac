import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FrameProfiler } from '@app/frames';
import { Problem } from '@app/problems';
import { type TaskContext, type TaskHandler, TaskHandlers } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { DatasetService } from '../dataset.service.js';
import { storable } from '../storable-text.js';
import { ProfileEntity } from './profile.entity.js';
import { noData } from './profile.service.js';

/** Looks at all values of what a dataset shows when the task starts. */
@Injectable()
export class ProfileHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'profile';

  constructor(
    private readonly handlers: TaskHandlers,
    private readonly datasets: DatasetService,
    private readonly profiler: FrameProfiler,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  /** Nothing shows the state of the task but the task. */
  ended(): Promise<void> {
    return Promise.resolve();
  }

  async run(context: TaskContext): Promise<void> {
    const { task, signal } = context;
    if (task.datasetId === null) throw new Problem('unprocessable', 'The task names no dataset.');
    const visible = await this.datasets.visibleSet(task.datasetId);
    if (visible === null) throw noData();
    const columns = await this.profiler.profile(visible, {
      signal,
      onProgress: (done, total) => context.progress({ done, total, unit: 'columns' }),
    });
    const profile = {
      visibleSetId: visible.id,
      datasetId: task.datasetId,
      taskId: task.id,
      timezone: visible.timezone,
      rowCount: visible.rowCount,
      columns: storable(columns),
      distinctCounts: columns.map(({ distinct }) => distinct),
      createdAt: new Date(),
    };
    await context.publish((manager) => publish(manager, profile));
  }
}

async function publish(manager: EntityManager, profile: ProfileEntity): Promise<object> {
  const { datasetId, visibleSetId, rowCount, columns } = profile;
  await manager.delete(ProfileEntity, { visibleSetId });
  await manager.insert(ProfileEntity, profile);
  return { datasetId, visibleSetId, rowCount, columnCount: columns.length };
}
