import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { BoundedMap } from '@app/cache';
import type { Column, DuplicatePolicy, VisibleSet } from '@app/frames';
import { notFound } from '@app/problems';
import type { DatasetKind } from '@app/shopping';
import { StoreEntity, StoreService } from '@app/stores';
import { type EntityManager, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  checkDistinctRoles,
  checkDatasetMapping,
  effectiveMapping,
  type GivenMapping,
  NO_DECISIONS,
  replacingMapping,
  withMapping,
} from './column-mapping.js';
import { DatasetEntity } from './dataset.entity.js';
import { Visibility } from './fold/visibility.js';
import { ProfileEntity } from './profile/profile.entity.js';
import { VisibleSetEntity } from './visible-set.entity.js';

export interface NewDataset {
  customerId: string;
  name: string;
  storeId?: string | null | undefined;
  description?: string | undefined;
  kind?: DatasetKind | undefined;
  duplicates?: DuplicatePolicy | undefined;
  maxRejectedShare?: number | null | undefined;
}

export interface DatasetChange {
  name?: string | undefined;
  storeId?: string | null | undefined;
  description?: string | undefined;
  duplicates?: DuplicatePolicy | undefined;
  maxRejectedShare?: number | null | undefined;
  /** Null leaves the decision to the data. */
  kind?: DatasetKind | null | undefined;
  mapping?: GivenMapping | undefined;
}

export interface DatasetQuery {
  /** Only of these; whoever asks may see them. */
  customerIds: string[];
  storeId: string | undefined;
  kind: DatasetKind | undefined;
  /** An escaped LIKE pattern, looked for in name and description. */
  pattern: string | undefined;
  ordering: { by: 'name' | 'kind' | 'createdAt' | 'updatedAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

/** A dataset with what its readers see, in short. */
export interface DatasetView {
  dataset: DatasetEntity;
  columns: Column[];
  /** Distinct values by column, in their order; null where what is visible was not profiled. */
  distinctCounts: number[] | null;
  rowCount: number;
  uploadCount: number;
}

export const DEFAULT_TIMEZONE = 'UTC';

/** The manifests of long histories have some 100 kB. */
const KEPT_VISIBLE_SETS = 50;

@Injectable()
export class DatasetService {
  /** By id: they never change. */
  private readonly visibleSets = new BoundedMap<string, VisibleSetEntity>(KEPT_VISIBLE_SETS);

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly stores: StoreService,
    private readonly audit: AuditLog,
    private readonly visibility: Visibility,
  ) {}

  /** @throws Problem not_found, also for a removed dataset */
  async get(id: string, manager = this.manager): Promise<DatasetEntity> {
    const dataset = await manager.findOneBy(DatasetEntity, { id, deletedAt: IsNull() });
    if (dataset === null) throw notFound('dataset');
    return dataset;
  }

  /**
   * The dataset under a lock that keeps its uploads and what is visible of them as they are until the
   * transaction ends.
   * @throws Problem not_found
   */
  async lock(manager: EntityManager, id: string): Promise<DatasetEntity> {
    const dataset = await manager.findOne(DatasetEntity, {
      where: { id, deletedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (dataset === null) throw notFound('dataset');
    return dataset;
  }

  async list(query: DatasetQuery): Promise<{ datasets: DatasetView[]; count: number }> {
    const select = this.manager
      .createQueryBuilder(DatasetEntity, 'dataset')
      .where('dataset.customerId = ANY(:customerIds) AND dataset.deletedAt IS NULL', query);
    if (query.storeId !== undefined) select.andWhere('dataset.storeId = :storeId', query);
    if (query.kind !== undefined) select.andWhere('dataset.kind = :kind', query);
    if (query.pattern !== undefined) {
      select.andWhere('(dataset.name ILIKE :pattern OR dataset.description ILIKE :pattern)', query);
    }
    const [datasets, count] = await select
      .orderBy(`dataset.${query.ordering.by}`, query.ordering.direction)
      .addOrderBy('dataset.id')
      .skip(query.offset)
      .take(query.limit)
      .getManyAndCount();
    return { datasets: await this.views(datasets), count };
  }

  async view(dataset: DatasetEntity): Promise<DatasetView> {
    const [view] = await this.views([dataset]);
    return view ?? emptyView(dataset);
  }

  /** One view a dataset, in the same order. */
  async views(datasets: readonly DatasetEntity[]): Promise<DatasetView[]> {
    const ids = datasets.flatMap(({ visibleSetId }) => (visibleSetId === null ? [] : [visibleSetId]));
    // Without the uploads, whose manifests may be long.
    const sets = await this.manager
      .createQueryBuilder(VisibleSetEntity, 'set')
      .select(['set.id', 'set.columns', 'set.rowCount', 'set.uploadCount'])
      .where('set.id = ANY(:ids)', { ids })
      .getMany();
    const byId = new Map(sets.map((set) => [set.id, set]));
    const profiles = await this.manager.find(ProfileEntity, {
      where: { visibleSetId: In(ids) },
      select: { visibleSetId: true, distinctCounts: true },
    });
    const distinct = new Map(profiles.map((profile) => [profile.visibleSetId, profile.distinctCounts]));
    return datasets.map((dataset) => {
      const set = byId.get(dataset.visibleSetId ?? '');
      if (set === undefined) return emptyView(dataset);
      const { columns, rowCount, uploadCount } = set;
      return { dataset, columns, distinctCounts: distinct.get(set.id) ?? null, rowCount, uploadCount };
    });
  }

  /**
   * What readers of the dataset see now, or will see after the caller's transaction; null while no upload is ready.
   * @throws Problem not_found
   */
  async visibleSet(datasetId: string, manager = this.manager): Promise<VisibleSet | null> {
    return this.visibleSetOf(await this.get(datasetId, manager), { manager });
  }

  /** As {@link visibleSet}, of a dataset that was just read, and of its timezone where that was, too. */
  async visibleSetOf(
    dataset: Pick<DatasetEntity, 'visibleSetId' | 'storeId'>,
    { manager = this.manager, timezone }: { manager?: EntityManager; timezone?: string } = {},
  ): Promise<VisibleSet | null> {
    const { visibleSetId } = dataset;
    if (visibleSetId === null) return null;
    const set =
      this.visibleSets.get(visibleSetId) ??
      (await manager.findOneByOrFail(VisibleSetEntity, { id: visibleSetId }));
    this.visibleSets.set(visibleSetId, set);
    timezone ??= await this.timezone(dataset);
    return { id: set.id, timezone, columns: set.columns, rowCount: set.rowCount, uploads: set.uploads };
  }

  /** IANA zone in which times without an offset stand; also that of a store which was removed since. */
  async timezone({ storeId }: Pick<DatasetEntity, 'storeId'>): Promise<string> {
    const store = storeId === null ? null : await this.manager.findOneBy(StoreEntity, { id: storeId });
    return store?.timezone ?? DEFAULT_TIMEZONE;
  }

  /** @throws Problem not_found where the customer has no such store */
  async create(given: NewDataset, actor: Actor): Promise<DatasetEntity> {
    await this.checkStore(given);
    return this.manager.transaction((manager) => this.insert(manager, given, actor));
  }

  /** A dataset as {@link insert} would make it, of which nothing is stored. */
  draft(given: NewDataset, mapping?: GivenMapping): DatasetEntity {
    const decisions = withMapping({ ...NO_DECISIONS, ...(given.kind && { kind: given.kind }) }, mapping);
    return this.manager.create(DatasetEntity, {
      id: uuidv7(),
      customerId: given.customerId,
      storeId: given.storeId ?? null,
      name: given.name,
      description: given.description ?? '',
      kind: given.kind ?? null,
      duplicates: given.duplicates ?? 'keep',
      maxRejectedShare: given.maxRejectedShare ?? null,
      mapping: effectiveMapping({}, decisions),
      decisions,
      visibleSetId: null,
      lastOrdinal: 0,
    });
  }

  /** Part of a transaction of the caller, who has checked the store. */
  async insert(
    manager: EntityManager,
    given: NewDataset,
    actor: Actor,
    mapping?: GivenMapping,
  ): Promise<DatasetEntity> {
    const dataset = this.draft(given, mapping);
    dataset.createdBy = actor.actorId ?? null;
    await manager.insert(DatasetEntity, dataset);
    await this.audit.recordDeed(manager, 'dataset.create', dataset, actor);
    return manager.findOneByOrFail(DatasetEntity, { id: dataset.id });
  }

  /** @throws Problem not_found where the customer has no such store */
  async checkStore(given: Pick<NewDataset, 'customerId' | 'storeId'>): Promise<void> {
    if (given.storeId !== undefined && given.storeId !== null) {
      await this.stores.get(given.customerId, given.storeId);
    }
  }

  /**
   * Members that are undefined stay as they are.
   * @throws Problem not_found; invalid_parameter where the mapping names columns that the data lacks
   */
  async change(id: string, change: DatasetChange, actor: Actor): Promise<DatasetEntity> {
    const { mapping, kind, ...plain } = change;
    checkDistinctRoles(mapping);
    return this.manager.transaction(async (manager) => {
      const dataset = await this.lock(manager, id);
      await this.checkStore({ customerId: dataset.customerId, storeId: plain.storeId });
      const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
      await manager.update(DatasetEntity, { id }, { ...given, updatedAt: () => 'now()' });
      if (mapping !== undefined || kind !== undefined) {
        await this.decide(manager, dataset, mapping, kind);
      }
      await this.audit.recordDeed(manager, 'dataset.update', dataset, actor, {
        changed: Object.keys(change),
      });
      return manager.findOneByOrFail(DatasetEntity, { id });
    });
  }

  private async decide(
    manager: EntityManager,
    dataset: DatasetEntity,
    mapping: GivenMapping | undefined,
    kind: DatasetKind | null | undefined,
  ): Promise<void> {
    if (mapping !== undefined) {
      const { columns } = await this.view(dataset);
      if (dataset.visibleSetId !== null) {
        checkDatasetMapping(
          mapping,
          columns.map(({ name }) => name),
        );
      }
      dataset.decisions = replacingMapping(dataset.decisions, mapping, dataset.mapping.roles);
    }
    if (kind === null) delete dataset.decisions.kind;
    else if (kind !== undefined) dataset.decisions.kind = kind;
    await this.visibility.recompute(manager, dataset, {});
  }
}

const emptyView = (dataset: DatasetEntity): DatasetView => ({
  dataset,
  columns: [],
  distinctCounts: null,
  rowCount: 0,
  uploadCount: 0,
});
