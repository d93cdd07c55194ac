import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { refusingDuplicates } from '@app/database';
import { notFound } from '@app/problems';
import { type EntityManager, In, IsNull, type SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { boundingBox, EARTH_RADIUS_KM } from './geography.js';
import { StoreEntity } from './store.entity.js';

export type StoreFields = Pick<
  StoreEntity,
  'name' | 'code' | 'city' | 'country' | 'timezone' | 'currency' | 'latitude' | 'longitude'
>;

export interface StoreQuery {
  /** An escaped LIKE pattern, looked for in name, code, city and country. */
  pattern: string | undefined;
  /** Only stores with a location within the radius, the nearest first. */
  near: { latitude: number; longitude: number; radiusKm: number } | undefined;
  /** Undefined: by distance where `near` is given, else by name. */
  ordering: { by: 'name' | 'code' | 'city' | 'country' | 'createdAt'; direction: 'ASC' | 'DESC' } | undefined;
  offset: number;
  limit: number;
}

// Haversine: the difference of longitudes may cross the 180th meridian, the sine does not mind.
const DISTANCE_KM = `2 * ${EARTH_RADIUS_KM} * asin(sqrt(least(1,
  power(sin(radians(store.latitude - :latitude) / 2), 2)
  + cos(radians(:latitude)) * cos(radians(store.latitude)) * power(sin(radians(store.longitude - :longitude) / 2), 2))))`;

const TAKEN = {
  field: 'code',
  message: 'Another store of this customer has this code.',
  constraint: 'stores_customer_id_code',
};

@Injectable()
export class StoreService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found, also for a store of another customer and for what is no id */
  async get(customerId: string, storeId: string): Promise<StoreEntity> {
    if (!isUuid(storeId)) throw notFound('store');
    const store = await this.manager.findOneBy(StoreEntity, { id: storeId, customerId, deletedAt: IsNull() });
    if (store === null) throw notFound('store');
    return store;
  }

  /** Names by id, of those stores that the customer has. */
  async namesOf(customerId: string, storeIds: readonly string[]): Promise<Map<string, string>> {
    const stores = await this.manager.find(StoreEntity, {
      where: { customerId, id: In([...storeIds]), deletedAt: IsNull() },
      select: { id: true, name: true },
    });
    return new Map(stores.map(({ id, name }) => [id, name]));
  }

  async list(customerId: string, query: StoreQuery): Promise<{ stores: StoreEntity[]; count: number }> {
    const select = this.manager
      .createQueryBuilder(StoreEntity, 'store')
      .where('store.customerId = :customerId AND store.deletedAt IS NULL', { customerId });
    if (query.pattern !== undefined) {
      select.andWhere(
        `(store.name ILIKE :pattern OR store.code ILIKE :pattern OR store.city ILIKE :pattern
          OR store.country ILIKE :pattern)`,
        { pattern: query.pattern },
      );
    }
    if (query.near !== undefined) within(select, query.near);
    const count = await select.getCount();
    if (query.ordering !== undefined) select.orderBy(`store.${query.ordering.by}`, query.ordering.direction);
    else if (query.near !== undefined) select.orderBy(DISTANCE_KM);
    else select.orderBy('store.name');
    const stores = await select.addOrderBy('store.id').offset(query.offset).limit(query.limit).getMany();
    return { stores, count };
  }

  /** @throws Problem duplicate where the code is taken */
  async create(customerId: string, fields: StoreFields, actor: Actor): Promise<StoreEntity> {
    const id = uuidv7();
    return refusingDuplicates(TAKEN, () =>
      this.manager.transaction(async (manager) => {
        await manager.insert(StoreEntity, { id, customerId, ...fields });
        await this.audit.recordDeed(manager, 'store.create', { id, customerId }, actor);
        return manager.findOneByOrFail(StoreEntity, { id });
      }),
    );
  }

  /** @throws Problem not_found; duplicate where the code is taken */
  async update(
    customerId: string,
    storeId: string,
    changes: Partial<StoreFields>,
    actor: Actor,
  ): Promise<StoreEntity> {
    await this.get(customerId, storeId);
    return refusingDuplicates(TAKEN, () =>
      this.manager.transaction(async (manager) => {
        await manager.update(StoreEntity, storeId, { ...changes, updatedAt: new Date() });
        await this.audit.recordDeed(manager, 'store.update', { id: storeId, customerId }, actor, {
          fields: Object.keys(changes),
        });
        return manager.findOneByOrFail(StoreEntity, { id: storeId });
      }),
    );
  }

  /**
   * Soft: datasets and reports go on naming it.
   * @throws Problem not_found
   */
  async delete(customerId: string, storeId: string, actor: Actor): Promise<void> {
    await this.get(customerId, storeId);
    await this.manager.transaction(async (manager) => {
      await manager.update(StoreEntity, storeId, { deletedAt: new Date() });
      await this.audit.recordDeed(manager, 'store.delete', { id: storeId, customerId }, actor);
    });
  }
}

/** The box is cheap and leaves few rows for the distance. */
function within(
  select: SelectQueryBuilder<StoreEntity>,
  near: { latitude: number; longitude: number; radiusKm: number },
): void {
  const box = boundingBox(near.latitude, near.longitude, near.radiusKm);
  const longitudes =
    box.west <= box.east
      ? 'store.longitude BETWEEN :west AND :east'
      : '(store.longitude >= :west OR store.longitude <= :east)';
  select
    .andWhere(`store.latitude BETWEEN :south AND :north AND ${longitudes}`, { ...box })
    .andWhere(`${DISTANCE_KM} <= :radiusKm`, near);
}
