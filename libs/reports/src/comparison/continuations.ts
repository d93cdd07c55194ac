import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { FrameMismatch, FrameQuery } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import type { EntityManager } from 'typeorm';
import { membersTable } from '../members/members-table.js';
import { type Continuation, ReportEntity } from '../report.entity.js';
import type { ReportSegment } from '../segmentation/outcome.js';
import { rowsOf, type ShopperFigures } from '../segmentation/shopper-figures.js';
import { shownNames } from './shown-names.js';
import { nearestSegments } from './transitions.js';

/** Finds in the previous report of the same scope what a new report's segments were then. */
@Injectable()
export class Continuations {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly frames: FrameQuery,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One entry a segment; null all over where there is no earlier report. */
  async find(
    report: ReportEntity,
    figures: ShopperFigures,
    segments: readonly Pick<ReportSegment, 'size'>[],
    signal: AbortSignal,
  ): Promise<(Continuation | null)[]> {
    const previous = await this.previous(report);
    if (previous === null || previous.outcome === null) return segments.map(() => null);
    const earlier = previous.outcome.segments;
    try {
      const transitions = await this.transitions(previous, figures, signal);
      const names = shownNames(previous);
      const sizes = earlier.map(({ size }) => size);
      const nearest = nearestSegments(
        transitions,
        sizes,
        segments.map(({ size }) => size),
      );
      return nearest.map((found) => {
        const label = found === null ? undefined : earlier[found.index]?.label;
        if (found === null || label === undefined) return null;
        return { reportId: previous.id, label, name: names[found.index] ?? label, ...found };
      });
    } catch (err) {
      if (!(err instanceof FrameMismatch)) throw err;
      // It was deleted in between.
      this.logger.warn({ err, reportId: previous.id }, 'the previous report cannot be read');
      return segments.map(() => null);
    }
  }

  /** The last finished one of the same customer, stores, datasets, features and kind of groups. */
  private previous({ id, customerId, params }: ReportEntity): Promise<ReportEntity | null> {
    const scope = (['storeId', 'storeIds', 'datasetIds', 'features', 'groupBy'] as const).map((name) => ({
      sql: `report.params -> '${name}' = :${name}::jsonb`,
      value: { [name]: JSON.stringify(params[name]) },
    }));
    const query = this.manager
      .createQueryBuilder(ReportEntity, 'report')
      .where('report.customerId = :customerId AND report.id <> :id', { customerId, id })
      .andWhere(`report.status = 'succeeded' AND report.deletedAt IS NULL AND report.members IS NOT NULL`);
    for (const { sql, value } of scope) query.andWhere(sql, value);
    return query.orderBy('report.finishedAt', 'DESC').addOrderBy('report.id', 'DESC').limit(1).getOne();
  }

  private transitions(previous: ReportEntity, figures: ShopperFigures, signal: AbortSignal) {
    return this.frames.withRelation(
      membersTable(previous),
      async (connection, relation) => {
        const rows = await rowsOf(connection, {
          text: `SELECT before.c1 AS origin, now.segment AS target, count(*) AS shoppers
            FROM ${relation} AS before JOIN ${figures.groups} AS now ON now.id = before.c0 GROUP BY ALL`,
          values: {},
        });
        return rows.map(({ origin, target, shoppers }) => ({
          from: Number(origin),
          to: Number(target),
          count: Number(shoppers),
        }));
      },
      { signal, ownWork: true },
    );
  }
}
