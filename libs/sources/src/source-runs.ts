import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Problem } from '@app/problems';
import { TaskService } from '@app/tasks';
import { type EntityManager, In } from 'typeorm';
import { type ItemOutcome, RunItemEntity } from './objects/run-item.entity.js';
import { openRun } from './source-orders.js';
import { SourceRunEntity } from './source-run.entity.js';

/** A run with what it did, object by object. */
export interface RunView {
  run: SourceRunEntity;
  items: Record<ItemOutcome, RunItemEntity[]>;
}

/** Objects of one run that are shown, of each outcome; its counts tell of all. */
export const MAX_ITEMS = 1000;

/** The history of sources. */
@Injectable()
export class SourceRuns {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly tasks: TaskService,
  ) {}

  /** Latest first. */
  async list(sourceId: string, offset: number, limit: number): Promise<{ runs: RunView[]; count: number }> {
    const [runs, count] = await this.manager.findAndCount(SourceRunEntity, {
      where: { sourceId },
      order: { createdAt: 'DESC', id: 'DESC' },
      skip: offset,
      take: limit,
    });
    return { runs: await this.views(runs), count };
  }

  /** The latest run of each of some sources, by the source's id. */
  async latest(sourceIds: readonly string[]): Promise<ReadonlyMap<string, SourceRunEntity>> {
    const runs = await this.manager
      .createQueryBuilder(SourceRunEntity, 'run')
      .distinctOn(['run.sourceId'])
      .where({ sourceId: In(sourceIds) })
      .orderBy('run.sourceId')
      .addOrderBy('run.createdAt', 'DESC')
      .getMany();
    return new Map(runs.map((run) => [run.sourceId, run]));
  }

  async cancelOpen(sourceId: string): Promise<void> {
    const open = await openRun(this.manager, sourceId);
    if (open === null) return;
    try {
      await this.tasks.cancel(open.taskId);
    } catch (error) {
      // It ended by itself in the meantime.
      if (!(error instanceof Problem && ['conflict', 'not_found'].includes(error.code))) throw error;
    }
  }

  private async views(runs: readonly SourceRunEntity[]): Promise<RunView[]> {
    const views = new Map(
      runs.map((run): [string, RunView] => [run.id, { run, items: { taken: [], skipped: [], removed: [] } }]),
    );
    const items = await this.manager.query<RunItemEntity[]>(
      `SELECT run_id AS "runId", key, outcome, etag, size_bytes::float8 AS "sizeBytes", reason, message, images,
              upload_ids AS "uploadIds"
         FROM (SELECT *, row_number() OVER (PARTITION BY run_id, outcome ORDER BY key) AS place
                 FROM source_run_items WHERE run_id = ANY($1)) AS placed
        WHERE place <= $2 ORDER BY key`,
      [[...views.keys()], MAX_ITEMS],
    );
    for (const item of items) views.get(item.runId)?.items[item.outcome].push(item);
    return [...views.values()];
  }
}
