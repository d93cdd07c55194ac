import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FrameProfiler, FrameQuery, type VisibleSet } from '@app/frames';
import { Problem } from '@app/problems';
import { type TaskContext, type TaskHandler, TaskHandlers } from '@app/tasks';
import { DatasetService } from '../dataset.service.js';
import { LinkChecks } from '../links/link-checks.js';
import { noData } from '../profile/profile.service.js';
import { storable } from '../storable-text.js';
import { columnAnomalies, type DatasetAnomaly, linkAnomalies, repeatedRows } from './dataset-anomalies.js';

/** Looks for what only all rows of a dataset together show, across its files and its links. */
@Injectable()
export class AnomaliesHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'anomalies';

  constructor(
    private readonly handlers: TaskHandlers,
    private readonly datasets: DatasetService,
    private readonly profiler: FrameProfiler,
    private readonly frames: FrameQuery,
    private readonly links: LinkChecks,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  /** Nothing shows the state of the task but the task. */
  ended(): Promise<void> {
    return Promise.resolve();
  }

  async run(context: TaskContext): Promise<void> {
    const { task, signal } = context;
    const { datasetId } = task;
    if (datasetId === null) throw new Problem('unprocessable', 'The task names no dataset.');
    const visible = await this.datasets.visibleSet(datasetId);
    if (visible === null) throw noData();
    const columns = await this.profiler.profile(visible, {
      signal,
      onProgress: (done, total) => context.progress({ done, total, unit: 'columns' }),
    });
    const anomalies = [
      ...(await this.repeatedRows(visible, signal)),
      ...columns.flatMap((column) => columnAnomalies(column)),
      ...linkAnomalies(await this.links.refresh(datasetId, signal), datasetId),
    ];
    const { id: visibleSetId, rowCount } = visible;
    await context.publish(() => Promise.resolve(storable({ datasetId, visibleSetId, rowCount, anomalies })));
  }

  private repeatedRows(visible: VisibleSet, signal: AbortSignal): Promise<DatasetAnomaly[]> {
    return this.frames.withRelation(
      visible,
      async (connection, relation) => {
        const columns = visible.columns.map(({ physical }) => physical);
        const reader = await connection.runAndReadAll(repeatedRows(relation, columns));
        const count = Number(reader.getRows()[0]?.[0] ?? 0);
        const message = 'Rows that equal an earlier row of the dataset, of the same file or of another one.';
        return count === 0 ? [] : [{ type: 'duplicate_row', column: null, count, message }];
      },
      { signal },
    );
  }
}
