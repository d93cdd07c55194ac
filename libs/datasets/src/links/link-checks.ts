import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { FrameLinks, type LinkSide, type ReadOptions } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { Problem } from '@app/problems';
import { type EntityManager, IsNull } from 'typeorm';
import { DatasetService, DEFAULT_TIMEZONE } from '../dataset.service.js';
import { dataVersion } from './data-version.js';
import { type LinkCheck, LinkEntity } from './link.entity.js';

/**
 * `checked`: the counts are those of the data as it is. `outdated`: of earlier data, as there was no time to compare it
 * anew. `pending`: nothing was compared yet. `empty`: a side has no data. `broken`: a side lacks the column.
 */
export const LINK_STATUSES = ['checked', 'outdated', 'pending', 'empty', 'broken'] as const;
export type LinkStatus = (typeof LINK_STATUSES)[number];

export interface LinkView {
  link: LinkEntity;
  status: LinkStatus;
}

/** Longest time that somebody who looks at links waits for those to be compared anew. */
const PATIENCE_MILLISECONDS = 3000;

/**
 * Compares the two sides of links. A comparison is kept with the names of the data it is of: it is never taken for one of
 * other data, and whoever looks first after a change makes the next.
 */
@Injectable()
export class LinkChecks {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly frames: FrameLinks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The links as they are now, compared anew where their data changed and there is time for it. */
  async current(links: readonly LinkEntity[]): Promise<LinkView[]> {
    const versions = await this.versions(links.flatMap((link) => [link.fromDatasetId, link.toDatasetId]));
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const views: LinkView[] = [];
    for (const link of links) {
      const from = versions.get(link.fromDatasetId) ?? null;
      const to = versions.get(link.toDatasetId) ?? null;
      if (from === null || to === null) views.push({ link, status: 'empty' });
      else if (link.lastCheck?.fromVersion === from && link.lastCheck.toVersion === to) {
        views.push({ link, status: 'checked' });
      } else views.push(await this.inTime(link, { signal }));
    }
    return views;
  }

  /**
   * Compares all links of a dataset whose data changed, as the process's own work, and answers them. Whatever fails is done
   * by who looks.
   */
  async refresh(datasetId: string, signal?: AbortSignal): Promise<LinkEntity[]> {
    const links = await this.manager.findBy(LinkEntity, [
      { fromDatasetId: datasetId, deletedAt: IsNull() },
      { toDatasetId: datasetId, deletedAt: IsNull() },
    ]);
    for (const link of links) {
      try {
        await this.compare(this.manager, link, { ownWork: true, signal });
      } catch (err) {
        this.logger.warn({ err, linkId: link.id }, 'a link could not be checked');
      }
    }
    return links;
  }

  /** Compares the links of a bundle as `manager` sees their datasets. @throws as {@link compare} */
  async ofBundle(manager: EntityManager, bundleId: string, signal: AbortSignal): Promise<LinkEntity[]> {
    const links = await manager.find(LinkEntity, {
      where: { bundleId, deletedAt: IsNull() },
      order: { id: 'ASC' },
    });
    for (const link of links) await this.compare(manager, link, { ownWork: true, signal });
    return links;
  }

  /**
   * Compares both sides as `manager` sees them, and keeps what was found.
   * @throws Problem unavailable for a caller, FrameStoreUnavailable where it is `ownWork`; the signal's reason
   */
  async compare(manager: EntityManager, link: LinkEntity, options: ReadOptions): Promise<LinkView> {
    const from = await this.side(manager, link.fromDatasetId, link.fromColumn);
    const to = await this.side(manager, link.toDatasetId, link.toColumn);
    if (from === null || to === null) return { link, status: 'empty' };
    if (![from, to].every(hasColumn)) return { link, status: 'broken' };
    const lastCheck: LinkCheck = {
      fromVersion: dataVersion(from.visible),
      toVersion: dataVersion(to.visible),
      counts: await this.frames.check({ from, to }, options),
      at: new Date().toISOString(),
    };
    await manager.update(LinkEntity, { id: link.id }, { lastCheck });
    link.lastCheck = lastCheck;
    return { link, status: 'checked' };
  }

  private async inTime(link: LinkEntity, options: ReadOptions): Promise<LinkView> {
    try {
      return await this.compare(this.manager, link, options);
    } catch (error) {
      const isLate = options.signal?.aborted === true;
      if (!isLate && !(error instanceof Problem && error.code === 'unavailable')) throw error;
      return { link, status: link.lastCheck === null ? 'pending' : 'outdated' };
    }
  }

  private async side(manager: EntityManager, datasetId: string, column: string): Promise<LinkSide | null> {
    const visible = await this.datasets.visibleSet(datasetId, manager);
    return visible === null ? null : { visible, column };
  }

  /** What datasets show, by their ids; null where that is nothing. */
  private async versions(ids: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.manager.query<{ id: string; version: string | null; timezone: string | null }[]>(
      `SELECT d.id, d.visible_set_id AS version, s.timezone
         FROM datasets d LEFT JOIN stores s ON s.id = d.store_id WHERE d.id = ANY($1)`,
      [[...new Set(ids)]],
    );
    return new Map(
      rows.map(({ id, version, timezone }) => [
        id,
        version === null ? null : dataVersion({ id: version, timezone: timezone ?? DEFAULT_TIMEZONE }),
      ]),
    );
  }
}

const hasColumn = ({ visible, column }: LinkSide): boolean =>
  visible.columns.some(({ name }) => name === column);
