import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Problem } from '@app/problems';
import type { EntityManager } from 'typeorm';
import type { DatasetEntity } from '../dataset.entity.js';
import { DatasetService } from '../dataset.service.js';
import { ProfileEntity } from './profile.entity.js';

export interface LatestProfile {
  profile: ProfileEntity;
  /** Whether it is of what the dataset's readers see now. */
  isCurrent: boolean;
}

/** Looking at profiles of datasets. */
@Injectable()
export class ProfileService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
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
}

/** For what makes no sense while no upload of the dataset is ready. */
export const noData = (): Problem =>
  new Problem('unprocessable', 'The dataset has no data yet: upload a file first.');
