import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import {
  DatasetEntity,
  DatasetService,
  type Derivation,
  type GivenMapping,
  hasKey,
  type UploadMode,
} from '@app/datasets';
import { invalidParameter, notFound } from '@app/problems';
import { parseTiming, type ScheduleEntity, Schedules } from '@app/schedules';
import { type PlaceName, Places } from '@app/storage';
import { type EntityManager, ILike, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { matcherOf } from './objects/matcher.js';
import { type BundleColumns, SourceEntity, type SourceKind } from './source.entity.js';
import { SCHEDULE_KIND } from './source-orders.js';
import { SourceRuns } from './source-runs.js';

export interface NewSource {
  customerId: string;
  storeId?: string | null | undefined;
  /** A new dataset where it is absent. */
  datasetId?: string | undefined;
  name?: string | undefined;
  kind: SourceKind;
  bucket?: string | null | undefined;
  prefix: string;
  pattern?: string | undefined;
  schedule?: string | null | undefined;
  timezone?: string | undefined;
  mode?: UploadMode | undefined;
  keyColumns?: string[] | undefined;
  bundle?: BundleColumns | null | undefined;
  publishTo?: PlaceName | null | undefined;
  paused?: boolean | undefined;
}

export type SourceChange = Partial<
  Pick<
    SourceEntity,
    'name' | 'prefix' | 'pattern' | 'schedule' | 'timezone' | 'mode' | 'keyColumns' | 'publishTo' | 'paused'
  >
>;

export interface SourceView {
  source: SourceEntity;
  /** Null where it does not begin by itself. */
  nextAt: Date | null;
}

export interface SourceQuery {
  customerIds: string[];
  datasetId: string | undefined;
  kind: SourceKind | undefined;
  /** An escaped LIKE pattern, looked for in the name. */
  pattern: string | undefined;
  ordering: { by: 'name' | 'createdAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

const ALL_FILES = '**';
/** How often a bundle is pulled unless told otherwise. */
const BUNDLE_SCHEDULE = 'every 55m';
/** Whole years since the birth that files of people tell. */
const AGE: Derivation = { name: 'age', kind: 'years', of: 'birthts' };
const MAX_NAME_LENGTH = 200;

/** Setting up what is pulled. */
@Injectable()
export class SourceService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly places: Places,
    private readonly schedules: Schedules,
    private readonly runs: SourceRuns,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found, also for a removed source or one whose dataset was removed */
  async get(id: string): Promise<SourceEntity> {
    const source = await this.manager.findOneBy(SourceEntity, { id, deletedAt: IsNull() });
    if (source === null) throw notFound('source');
    return source;
  }

  async list(query: SourceQuery): Promise<{ sources: SourceView[]; count: number }> {
    const { customerIds, datasetId, kind, pattern, ordering } = query;
    const [sources, count] = await this.manager.findAndCount(SourceEntity, {
      where: {
        customerId: In(customerIds),
        deletedAt: IsNull(),
        ...(datasetId !== undefined && { datasetId }),
        ...(kind !== undefined && { kind }),
        ...(pattern !== undefined && { name: ILike(pattern) }),
      },
      order: { [ordering.by]: ordering.direction, id: 'ASC' },
      skip: query.offset,
      take: query.limit,
    });
    return { sources: await this.views(sources), count };
  }

  async view(source: SourceEntity): Promise<SourceView> {
    const [view] = await this.views([source]);
    return view ?? { source, nextAt: null };
  }

  /**
   * A source, and the dataset it fills where none is named. Nothing is pulled yet.
   * @throws Problem not_found for a strange store or dataset; invalid_parameter
   */
  async create(given: NewSource, actor: Actor): Promise<SourceEntity> {
    await this.datasets.checkStore(given);
    if (given.datasetId !== undefined) {
      const { customerId } = await this.datasets.get(given.datasetId);
      if (customerId !== given.customerId) throw notFound('dataset');
    }
    const source = await this.filled(given, actor);
    this.check(source);
    await this.manager.transaction(async (manager) => {
      source.datasetId = given.datasetId ?? (await this.newDataset(manager, given, source, actor));
      if (source.bundle !== null) {
        await manager.update(DatasetEntity, { id: source.datasetId }, { derivations: [AGE] });
      }
      await manager.insert(SourceEntity, source);
      await this.plan(manager, source);
      await this.audit.recordDeed(manager, 'source.create', source, actor, about(source));
    });
    return this.get(source.id);
  }

  /** @throws Problem not_found; invalid_parameter */
  async change(id: string, change: SourceChange, actor: Actor): Promise<SourceEntity> {
    await this.manager.transaction(async (manager) => {
      await this.schedules.lock(manager, { kind: SCHEDULE_KIND, subjectId: id });
      const source = await this.locked(manager, id);
      Object.assign(source, change);
      this.check(source);
      await manager.update(SourceEntity, { id }, { ...change, updatedAt: () => 'now()' });
      await this.plan(manager, source);
      await this.audit.recordDeed(manager, 'source.update', source, actor, {
        ...about(source),
        changed: Object.keys(change),
      });
    });
    return this.get(id);
  }

  /** What it has taken stays. A run that is open ends. @throws Problem not_found */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.runs.cancelOpen(id);
    await this.manager.transaction(async (manager) => {
      await this.schedules.remove(manager, { kind: SCHEDULE_KIND, subjectId: id });
      const source = await this.locked(manager, id);
      await manager.update(SourceEntity, { id }, { deletedAt: () => 'now()' });
      await this.audit.recordDeed(manager, 'source.delete', source, actor, about(source));
    });
  }

  private async filled(given: NewSource, actor: Actor): Promise<SourceEntity> {
    const bundle = given.bundle ?? null;
    const schedule =
      given.schedule === undefined ? (bundle === null ? null : BUNDLE_SCHEDULE) : given.schedule;
    const mode = given.mode ?? (bundle === null ? 'append' : 'mirror');
    const bucket = given.bucket ?? null;
    const store = { storeId: given.storeId ?? null };
    return this.manager.create(SourceEntity, {
      id: uuidv7(),
      customerId: given.customerId,
      ...store,
      name: (given.name ?? [bucket, given.prefix].filter(Boolean).join('/')) || given.kind,
      kind: given.kind,
      bucket,
      prefix: given.prefix,
      pattern: given.pattern ?? ALL_FILES,
      schedule,
      timezone: given.timezone ?? (await this.datasets.timezone(store)),
      mode,
      keyColumns: given.keyColumns ?? (bundle !== null && hasKey(mode) ? [bundle.idColumn] : []),
      bundle,
      publishTo: given.publishTo ?? null,
      paused: given.paused ?? false,
      createdBy: actor.actorId ?? null,
    });
  }

  private check(source: SourceEntity): void {
    const { kind, bucket, mode, keyColumns, customerId, publishTo, schedule, bundle } = source;
    if (kind === 's3' && bucket === null) throw invalidParameter('bucket', 'a source of kind s3 needs one');
    if (kind === 'folder' && bucket !== null) throw invalidParameter('bucket', 'a folder has none');
    if (hasKey(mode) !== keyColumns.length > 0) {
      throw invalidParameter(
        'keyColumns',
        hasKey(mode) ? `mode ${mode} needs them` : `mode ${mode} has none`,
      );
    }
    if (bundle !== null && new Set(Object.values(bundle)).size < Object.values(bundle).length) {
      throw invalidParameter('bundle', 'its columns need different names');
    }
    matcherOf(source.pattern);
    if (schedule !== null) parseTiming(schedule);
    this.places.open(customerId, source);
    if (publishTo !== null) this.places.open(customerId, publishTo, 'publishTo.');
  }

  private async newDataset(
    manager: EntityManager,
    { customerId, storeId }: NewSource,
    { name, bundle }: SourceEntity,
    actor: Actor,
  ): Promise<string> {
    const dataset = { customerId, storeId, name: name.slice(0, MAX_NAME_LENGTH) };
    if (bundle === null) return (await this.datasets.insert(manager, dataset, actor)).id;
    const mapping: GivenMapping = { roles: { shopperId: bundle.idColumn } };
    const shoppers = { ...dataset, kind: 'shoppers' as const };
    return (await this.datasets.insert(manager, shoppers, actor, mapping)).id;
  }

  private async plan(
    manager: EntityManager,
    { id, schedule, timezone, paused }: SourceEntity,
  ): Promise<void> {
    const subject = { kind: SCHEDULE_KIND, subjectId: id };
    if (schedule === null) return this.schedules.remove(manager, subject);
    await this.schedules.register(manager, { ...subject, timing: schedule, timezone });
    if (paused) await this.schedules.pause(manager, subject);
  }

  private async views(sources: readonly SourceEntity[]): Promise<SourceView[]> {
    const ids = sources.map(({ id }) => id);
    const planned: ReadonlyMap<string, ScheduleEntity> = await this.schedules.of(
      this.manager,
      SCHEDULE_KIND,
      ids,
    );
    return sources.map((source) => ({ source, nextAt: planned.get(source.id)?.nextAt ?? null }));
  }

  private async locked(manager: EntityManager, id: string): Promise<SourceEntity> {
    const source = await manager.findOne(SourceEntity, {
      where: { id, deletedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (source === null) throw notFound('source');
    return source;
  }
}

/** What the audit says of every deed. */
const about = ({ datasetId }: SourceEntity): object => ({ datasetId });
