import { Injectable } from '@nestjs/common';
import type { Actor } from '@app/audit';
import { AnalysisOrders, type DatasetEntity, DatasetService, noData } from '@app/datasets';
import { invalidParameter, Problem } from '@app/problems';
import { reportRequestSchema, ReportService } from '@app/reports';
import { type TaskEntity, TaskService } from '@app/tasks';
import { z } from 'zod';
import { validationProblem } from '../../http/validation.js';

export const PROCESS_KINDS = ['profile', 'segmentation', 'anomalies'] as const;

export const processBody = z
  .strictObject({
    kind: z.enum(PROCESS_KINDS).optional(),
    params: z.record(z.string(), z.unknown()).optional(),
  })
  .default({});
export type ProcessBody = z.infer<typeof processBody>;

/** A report of one dataset takes its data from nowhere else. */
const SOURCES = ['datasetIds', 'storeId', 'storeIds'];

/** Orders the work that can be done on a dataset as it is. */
@Injectable()
export class DatasetProcessing {
  constructor(
    private readonly datasets: DatasetService,
    private readonly analyses: AnalysisOrders,
    private readonly reports: ReportService,
    private readonly tasks: TaskService,
  ) {}

  /**
   * Without a kind: segmentation of transactions and shoppers, else a profile. Work that is already being done is not
   * begun again, and a report that is finished stays as it is: the answer is its task.
   * @throws Problem invalid_parameter; unprocessable where there is no data or too little
   */
  async start(datasetId: string, { kind, params = {} }: ProcessBody, actor: Actor): Promise<TaskEntity> {
    const dataset = await this.datasets.get(datasetId);
    if (dataset.visibleSetId === null) throw noData();
    const wanted = kind ?? usualKind(dataset);
    if (wanted === 'segmentation') return this.segment(dataset, params, actor);
    const [given] = Object.keys(params);
    if (given !== undefined) throw invalidParameter(`params.${given}`, `${wanted} has no parameters`);
    return this.analyses.request(datasetId, wanted, actor);
  }

  private async segment(
    { id, customerId }: DatasetEntity,
    params: Record<string, unknown>,
    actor: Actor,
  ): Promise<TaskEntity> {
    const source = SOURCES.find((name) => name in params);
    if (source !== undefined) throw invalidParameter(`params.${source}`, 'the path names the data');
    const request = reportRequestSchema.safeParse({ ...params, datasetIds: [id] });
    if (!request.success) {
      throw validationProblem(
        request.error.issues.map((issue) => ({ ...issue, path: ['params', ...issue.path] })),
      );
    }
    const {
      report: { id: reportId },
      task,
    } = await this.reports.request(customerId, request.data, actor);
    if (task !== null) return task;
    const { taskId } = await this.reports.get(reportId);
    return this.tasks.get(taskId).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
      throw new Problem(
        'conflict',
        `The report is finished and its task was deleted: see /reports/${reportId}.`,
      );
    });
  }
}

const usualKind = ({ kind }: DatasetEntity): (typeof PROCESS_KINDS)[number] =>
  kind === 'transactions' || kind === 'shoppers' ? 'segmentation' : 'profile';
