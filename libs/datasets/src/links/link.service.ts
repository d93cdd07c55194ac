import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { refusingDuplicates } from '@app/database';
import {
  type Column,
  type ExportedTable,
  FrameLinks,
  type LinkSide,
  type LinkSides,
  type Orphan,
} from '@app/frames';
import { invalidParameter, notFound, Problem } from '@app/problems';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { DatasetEntity } from '../dataset.entity.js';
import { DatasetService } from '../dataset.service.js';
import { LinkChecks, type LinkView } from './link-checks.js';
import { LinkEntity, ONE_LINK } from './link.entity.js';

export interface NewLink {
  name?: string | undefined;
  fromDatasetId: string;
  fromColumn: string;
  toDatasetId: string;
  toColumn: string;
}

export interface LinkQuery {
  /** Only of these; whoever asks may see them. */
  customerIds: string[];
  /** Of links on whichever side of it. */
  datasetId: string | undefined;
  offset: number;
  limit: number;
}

/** Making links between datasets, and what they show. */
@Injectable()
export class LinkService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly checks: LinkChecks,
    private readonly frames: FrameLinks,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found, also where a dataset of it was removed */
  async get(id: string): Promise<LinkEntity> {
    const link = await this.live().andWhere('link.id = :id', { id }).getOne();
    if (link === null) throw notFound('link');
    return link;
  }

  async list(query: LinkQuery): Promise<{ links: LinkView[]; count: number }> {
    const select = this.live().andWhere('link.customerId = ANY(:customerIds)', query);
    if (query.datasetId !== undefined) {
      select.andWhere('(link.fromDatasetId = :datasetId OR link.toDatasetId = :datasetId)', query);
    }
    const [links, count] = await select
      .orderBy('link.createdAt')
      .addOrderBy('link.id')
      .skip(query.offset)
      .take(query.limit)
      .getManyAndCount();
    return { links: await this.checks.current(links), count };
  }

  /** Those that a bundle brought. */
  async ofBundle(bundleId: string): Promise<LinkView[]> {
    const links = await this.live()
      .andWhere('link.bundleId = :bundleId', { bundleId })
      .orderBy('link.id')
      .getMany();
    return this.checks.current(links);
  }

  async view(link: LinkEntity): Promise<LinkView> {
    const [view] = await this.checks.current([link]);
    return view ?? { link, status: 'pending' };
  }

  /**
   * Links two datasets, which the caller has been allowed to link; columns of datasets without data are taken on trust.
   * @throws Problem not_found where they are not of one customer; invalid_parameter for columns that are not there;
   * duplicate where they are linked already
   */
  async create(given: NewLink, actor: Actor): Promise<LinkEntity> {
    const from = await this.datasets.get(given.fromDatasetId);
    const to = await this.datasets.get(given.toDatasetId);
    if (from.customerId !== to.customerId) throw notFound('dataset');
    await this.checkColumn(from, given.fromColumn, 'fromColumn');
    await this.checkColumn(to, given.toColumn, 'toColumn');
    if (from.id === to.id && given.fromColumn === given.toColumn) {
      throw invalidParameter('toColumn', 'a column is not linked to itself');
    }
    return refusingDuplicates(
      { field: 'toColumn', message: 'These columns are linked already.', constraint: ONE_LINK },
      () => this.manager.transaction((manager) => this.insert(manager, from, given, actor)),
    );
  }

  /** Part of a transaction of the caller, who has checked all of it. */
  async insert(
    manager: EntityManager,
    { customerId }: Pick<DatasetEntity, 'customerId'>,
    given: NewLink,
    actor: Actor,
    bundleId?: string,
  ): Promise<LinkEntity> {
    const id = uuidv7();
    await manager.insert(LinkEntity, {
      ...given,
      id,
      customerId,
      name: given.name ?? null,
      bundleId: bundleId ?? null,
      createdBy: actor.actorId ?? null,
    });
    const link = await manager.findOneByOrFail(LinkEntity, { id });
    await this.audit.recordDeed(manager, 'link.create', link, actor, about(link));
    return link;
  }

  /** The data of both sides stays as it is. @throws Problem not_found */
  async remove(id: string, actor: Actor): Promise<void> {
    const link = await this.get(id);
    await this.manager.transaction(async (manager) => {
      await manager.update(LinkEntity, { id }, { deletedAt: () => 'now()' });
      await this.audit.recordDeed(manager, 'link.delete', link, actor, about(link));
    });
  }

  /**
   * A page of the rows that point at something which is not there.
   * @throws Problem unprocessable where a side has no data; invalid_parameter where it lacks the column; unavailable
   */
  async orphans(
    link: LinkEntity,
    page: { page: number; pageSize: number },
  ): Promise<{ count: number; orphans: Orphan[] }> {
    return this.frames.orphans(await this.sides(link), page);
  }

  /** All of them as CSV. @throws as {@link orphans}; the signal's reason */
  async exportOrphans(link: LinkEntity, raw: boolean, signal: AbortSignal): Promise<ExportedTable> {
    return this.frames.exportOrphans(await this.sides(link), raw, signal);
  }

  private async sides(link: LinkEntity): Promise<LinkSides> {
    return {
      from: await this.side(link.fromDatasetId, link.fromColumn),
      to: await this.side(link.toDatasetId, link.toColumn),
    };
  }

  private async side(datasetId: string, column: string): Promise<LinkSide> {
    const visible = await this.datasets.visibleSet(datasetId);
    if (visible === null) {
      throw new Problem('unprocessable', 'A dataset of the link has no data yet: upload a file first.');
    }
    return { visible, column };
  }

  private async checkColumn(dataset: DatasetEntity, name: string, field: string): Promise<void> {
    if (dataset.visibleSetId === null) return;
    const { columns } = await this.datasets.view(dataset);
    if (!columns.some((column: Column) => column.name === name)) {
      throw invalidParameter(field, `the dataset has no column ${JSON.stringify(name)}`);
    }
  }

  /** Links of which both datasets are there. */
  private live(): SelectQueryBuilder<LinkEntity> {
    return this.manager
      .createQueryBuilder(LinkEntity, 'link')
      .where('link.deletedAt IS NULL')
      .andWhere(
        `NOT EXISTS (SELECT 1 FROM datasets d
                      WHERE d.id IN (link.from_dataset_id, link.to_dataset_id) AND d.deleted_at IS NOT NULL)`,
      );
  }
}

/** What the audit says of every deed. */
const about = ({ fromDatasetId, fromColumn, toDatasetId, toColumn }: LinkEntity): object => ({
  fromDatasetId,
  fromColumn,
  toDatasetId,
  toColumn,
});
