import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { SETTINGS, type Settings } from '@app/config';
import { LOGGER, type Logger } from '@app/logging';
import { notFound, Problem } from '@app/problems';
import { type TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type ChildReport, ReportEntity, type ReportStatus } from './report.entity.js';
import { DataSelector, type StoreData } from './request/data-selector.js';
import {
  requireEnoughShoppers,
  requireTellingShoppers,
  type ShopperCounts,
} from './request/enough-shoppers.js';
import { fingerprintOf } from './request/fingerprint.js';
import type { ReportInput } from './request/report-input.js';
import { fillIn, type ReportParams, type ReportRequest } from './request/report-params.js';
import { ReportData } from './segmentation/report-data.js';
import { countsOf, countsQuery, firstRow } from './segmentation/shopper-figures.js';

/** Enough to know whether a report's answer can be a kept one. */
export type ReportState = Pick<ReportEntity, 'id' | 'customerId' | 'status' | 'children'>;

export interface RequestedReport {
  report: ReportState;
  /** The task that makes it; null where it was finished before. */
  task: TaskEntity | null;
}

export interface ReportFilter {
  customerIds: string[];
  status?: ReportStatus | undefined;
  ordering: { by: 'createdAt' | 'finishedAt'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

/** One store's part of a report that was asked for per store. */
export interface StoreReport {
  storeId: string;
  /** Null where it was refused, or deleted since. */
  reportId: string | null;
  status: ReportStatus | null;
  error: { code: string; message: string } | null;
}

type NewReport = Pick<ReportEntity, 'customerId' | 'fingerprint' | 'params' | 'input' | 'children'>;

const REPORT_STATE = { id: true, customerId: true, status: true, children: true } as const;

/** Up to this many rows the shoppers are counted before a report is accepted; beyond, its task refuses. */
const MAX_COUNTED_ROWS = 100_000;
const COUNT_MS = 3000;

/** Asking for reports, looking at them, deleting them. */
@Injectable()
export class ReportService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly selector: DataSelector,
    private readonly data: ReportData,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The report of this data and these parameters: the finished one, the one being made, or a new one. However many
   * ask at once, one is made. With `perStore` those of the single stores are asked for, too.
   * @throws Problem not_found, invalid_parameter; unprocessable where no report can be made of the data
   */
  async request(customerId: string, request: ReportRequest, actor: Actor): Promise<RequestedReport> {
    if (!request.perStore) return this.requestOne(customerId, request, actor, null);
    const stores = await this.selector.storesMeant(customerId, request);
    const whole = { ...request, storeIds: stores.map(({ storeId }) => storeId) };
    // What cannot be made of all stores together, such as of two currencies, begins nothing.
    await this.selector.select(customerId, whole);
    const children: ChildReport[] = [];
    for (const store of stores) children.push(await this.requestStore(customerId, request, store, actor));
    return this.requestOne(customerId, whole, actor, children);
  }

  /** @throws Problem not_found, also for a deleted report */
  async get(id: string): Promise<ReportEntity> {
    const report = await this.manager.findOneBy(ReportEntity, { id, deletedAt: IsNull() });
    if (report === null) throw notFound('report');
    return report;
  }

  /** @throws Problem not_found */
  async state(id: string): Promise<ReportState> {
    const report = await this.manager.findOne(ReportEntity, {
      where: { id, deletedAt: IsNull() },
      select: REPORT_STATE,
    });
    if (report === null) throw notFound('report');
    return report;
  }

  async list(filter: ReportFilter): Promise<{ reports: ReportEntity[]; count: number }> {
    const { customerIds, status, ordering, offset, limit } = filter;
    const [reports, count] = await this.manager.findAndCount(ReportEntity, {
      where: { customerId: In(customerIds), deletedAt: IsNull(), ...(status !== undefined && { status }) },
      order: { [ordering.by]: ordering.direction, id: ordering.direction },
      skip: offset,
      take: limit,
    });
    return { reports, count };
  }

  /** A report that is being made is cancelled; its members are swept later. @throws Problem not_found */
  async delete(id: string, actor: Actor): Promise<void> {
    const { taskId, status } = await this.get(id);
    await this.manager.transaction(async (manager) => {
      if (status === 'queued' || status === 'running') await this.cancel(manager, taskId, actor);
      const { affected } = await manager.update(
        ReportEntity,
        { id, deletedAt: IsNull() },
        { deletedAt: () => 'now()' },
      );
      if (affected !== 1) throw notFound('report');
      const { customerId } = await manager.findOneByOrFail(ReportEntity, { id });
      await this.audit.recordDeed(manager, 'report.delete', { id, customerId }, actor);
    });
  }

  /** The reports of single stores that belong to a report; null where none were asked for. */
  async children({
    customerId,
    children,
  }: Pick<ReportEntity, 'customerId' | 'children'>): Promise<StoreReport[] | null> {
    if (children === null) return null;
    const fingerprints = children.flatMap((child) => ('fingerprint' in child ? child.fingerprint : []));
    const found = await this.manager.find(ReportEntity, {
      where: { customerId, fingerprint: In(fingerprints), deletedAt: IsNull() },
      select: { id: true, fingerprint: true, status: true, error: { code: true, message: true } },
      order: { createdAt: 'ASC' },
    });
    // The last one counts: one that failed may have been asked for again.
    const byFingerprint = new Map(found.map((report) => [report.fingerprint, report]));
    return children.map((child) => {
      if ('error' in child) return { ...child, reportId: null, status: null };
      const report = byFingerprint.get(child.fingerprint);
      const { id = null, status = null, error = null } = report ?? {};
      return { storeId: child.storeId, reportId: id, status, error };
    });
  }

  private async requestOne(
    customerId: string,
    request: ReportRequest,
    actor: Actor,
    children: ChildReport[] | null,
  ): Promise<RequestedReport & { fingerprint: string }> {
    const selected = await this.selector.select(customerId, request);
    const params = fillIn(request, selected.features);
    const exactSilhouettes = this.settings.exactSilhouetteShoppers;
    const fingerprint = fingerprintOf({ params, data: selected.versions, exactSilhouettes });
    const existing = await this.existing(customerId, fingerprint);
    if (existing !== null) return { ...existing, fingerprint };
    const input = await selected.input();
    await this.requireEnough(input, params);
    for (;;) {
      const report = { customerId, fingerprint, params, input, children };
      const created = await this.create(report, actor);
      if (created !== null) return { ...created, fingerprint };
      // Somebody asked the same in between; unless that has failed by now, it is the answer.
      const theirs = await this.existing(customerId, fingerprint);
      if (theirs !== null) return { ...theirs, fingerprint };
    }
  }

  /** A store whose data is too thin does not keep the others from having their reports. */
  private async requestStore(
    customerId: string,
    request: ReportRequest,
    { storeId, datasetIds }: StoreData,
    actor: Actor,
  ): Promise<ChildReport> {
    const own = {
      ...request,
      perStore: false,
      storeId,
      storeIds: undefined,
      datasetIds: request.datasetIds === undefined ? undefined : datasetIds,
    };
    try {
      const { fingerprint } = await this.requestOne(customerId, own, actor, null);
      return { storeId, fingerprint };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'unprocessable') throw error;
      return { storeId, error: { code: error.code, message: error.detail } };
    }
  }

  private async existing(customerId: string, fingerprint: string): Promise<RequestedReport | null> {
    const report = await this.manager.findOne(ReportEntity, {
      where: {
        customerId,
        fingerprint,
        deletedAt: IsNull(),
        status: In(['queued', 'running', 'succeeded']),
      },
      select: { ...REPORT_STATE, taskId: true },
    });
    if (report === null) return null;
    return { report, task: report.status === 'succeeded' ? null : await this.tasks.get(report.taskId) };
  }

  /** Null where an equal report stands already: the unique index on fingerprints decides. */
  private async create(report: NewReport, actor: Actor): Promise<RequestedReport | null> {
    const { customerId, params, input, children } = report;
    const id = uuidv7();
    const taskId = uuidv7();
    const createdBy = actor.actorId ?? null;
    const task = await this.manager.transaction(async (manager) => {
      const { raw } = await manager
        .createQueryBuilder()
        .insert()
        .into(ReportEntity)
        .values({ ...report, id, storeId: params.storeId, taskId, createdBy })
        .orIgnore()
        .returning('id')
        .execute();
      if ((raw as unknown[]).length === 0) return null;
      const task = await this.tasks.enqueue(manager, {
        id: taskId,
        kind: 'segmentation',
        customerId,
        reportId: id,
        ...(input.datasets.length === 1 && { datasetId: input.datasets[0]?.datasetId }),
        ...(createdBy !== null && { createdBy }),
      });
      await this.audit.recordDeed(manager, 'report.create', { id, customerId }, actor);
      return task;
    });
    if (task === null) return null;
    this.tasks.announce();
    return { report: { id, customerId, status: 'queued', children }, task };
  }

  /** What needs a look into the data, where that is quick; the task asks the same again. */
  private async requireEnough(input: ReportInput, params: ReportParams): Promise<void> {
    const { minShoppers } = this.settings;
    const rows = input.datasets.reduce((sum, { rowCount }) => sum + rowCount, 0);
    const counts = rows > MAX_COUNTED_ROWS ? null : await this.counts(input, params);
    if (counts === null) requireEnoughShoppers(rows, params.k, minShoppers);
    else requireTellingShoppers(counts, params.k, minShoppers);
  }

  /** Null where they cannot be counted just now. */
  private async counts(input: ReportInput, params: ReportParams): Promise<ShopperCounts | null> {
    try {
      const options = { signal: AbortSignal.timeout(COUNT_MS) };
      return await this.data.open({ input, params }, options, async (data) => {
        const { text, values } = data.table;
        const query = countsQuery(`(${text})`, params.features.length);
        return countsOf(await firstRow(data.connection, { ...query, values }));
      });
    } catch (error) {
      if (error instanceof Problem && error.code === 'unprocessable') throw error;
      this.logger.warn({ err: error }, 'the shoppers could not be counted beforehand');
      return null;
    }
  }

  private async cancel(manager: EntityManager, taskId: string, actor: Actor): Promise<void> {
    try {
      await this.tasks.cancel(taskId, manager, actor);
    } catch (error) {
      // It ended in between, which is just as well.
      if (!(error instanceof Problem)) throw error;
    }
  }
}
