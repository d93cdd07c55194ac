import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, In } from 'typeorm';
import { DatasetService } from '../dataset.service.js';
import { noData } from '../profile/profile.service.js';

/** Kinds of tasks that look at all of a dataset and change nothing of it. */
export type AnalysisKind = 'profile' | 'anomalies';

/** Orders that datasets are looked at. */
@Injectable()
export class AnalysisOrders {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
  ) {}

  /**
   * The task that does it: one that is queued or running, else a new one.
   * @throws Problem not_found; unprocessable where there is no data
   */
  async request(datasetId: string, kind: AnalysisKind, actor: Actor): Promise<TaskEntity> {
    const task = await this.manager.transaction(async (manager) => {
      const dataset = await this.datasets.lock(manager, datasetId);
      if (dataset.visibleSetId === null) throw noData();
      const open = await manager.findOneBy(TaskEntity, {
        datasetId,
        kind,
        status: In(['queued', 'running']),
      });
      if (open !== null) return open;
      await this.audit.recordDeed(manager, `dataset.${kind}`, dataset, actor);
      return this.tasks.enqueue(manager, {
        kind,
        customerId: dataset.customerId,
        datasetId,
        ...(actor.actorId !== undefined && { createdBy: actor.actorId }),
      });
    });
    this.tasks.announce();
    return task;
  }
}
