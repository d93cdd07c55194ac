import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { notFound } from '@app/problems';
import { type EntityManager, IsNull } from 'typeorm';
import { StoreEntity } from './store.entity.js';

@Injectable()
export class StoreService {
  constructor(@InjectEntityManager() private readonly manager: EntityManager) {}

  /** @throws Problem not_found, also for a store of another customer */
  async get(customerId: string, storeId: string): Promise<StoreEntity> {
    const store = await this.manager.findOneBy(StoreEntity, { id: storeId, customerId, deletedAt: IsNull() });
    if (store === null) throw notFound('store');
    return store;
  }
}
