import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { Actor } from '@app/audit';
import { Problem } from '@app/problems';
import { TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, In } from 'typeorm';
import type { DatasetEntity } from '../dataset.entity.js';
import { DatasetService } from '../dataset.service.js';
import { ProfileEntity } from './profile.entity.js';

export interface LatestProfile {
  profile: ProfileEntity;
  /** Whether it is of what the dataset's readers see now. */
  isCurrent: boolean;
}

/** Ordering profiles of datasets, and looking at them. */
@Injectable()
export class ProfileService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly tasks: TaskService,
  ) {}

  /** @throws Problem not_found where the dataset was never profiled */
  async latest(dataset: DatasetEntity): Promise<LatestProfile> {
    const profile = await this.manager.findOne(ProfileEntity, {
      where: { datasetId: dataset.id },
      order: { createdAt: 'DESC' },
    });
    if (profile === null) {
      throw new Problem(
        'not_found',
        `The dataset has not been profiled yet. Start with POST /datasets/${dataset.id}/process {"kind": "profile"}.`,
      );
    }
    const sameData = profile.visibleSetId === dataset.visibleSetId;
    return {
      profile,
      isCurrent: sameData && profile.timezone === (await this.datasets.timezone(dataset)),
    };
  }

  /**
   * The task that profiles the dataset: one that is queued or running, else a new one.
   * @throws Problem not_found; unprocessable where there is no data
   */
  async request(datasetId: string, actor: Actor): Promise<TaskEntity> {
    const task = await this.manager.transaction(async (manager) => {
      const dataset = await this.datasets.lock(manager, datasetId);
      if (dataset.visibleSetId === null) throw noData();
      const open = await manager.findOneBy(TaskEntity, {
        datasetId,
        kind: 'profile',
        status: In(['queued', 'running']),
      });
      if (open !== null) return open;
      await this.datasets.record(manager, 'dataset.profile', dataset, actor);
      return this.tasks.enqueue(manager, {
        kind: 'profile',
        customerId: dataset.customerId,
        datasetId,
        ...(actor.actorId !== undefined && { createdBy: actor.actorId }),
      });
    });
    this.tasks.announce();
    return task;
  }
}

/** For what makes no sense while no upload of the dataset is ready. */
export const noData = (): Problem =>
  new Problem('unprocessable', 'The dataset has no data yet: upload a file first.');
