import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import {
  type Anomaly,
  type Column,
  type Dialect,
  type Finding,
  FindingLists,
  FrameIngest,
  type IngestCounts,
  type IngestPreview,
  type RowChanges,
} from '@app/frames';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { DatasetEntity } from '../dataset.entity.js';
import { DatasetService } from '../dataset.service.js';
import type { ColumnDrift } from '../drift/column-drift.js';
import { Visibility } from '../fold/visibility.js';
import { knownTable } from '../ingest/known-table.js';
import { ReadingPlan } from '../ingest/reading-plan.js';
import { WorkDirectories } from '../ingest/work-directories.js';
import { rolesOf, type RoleView } from '../memory/role-view.js';
import type { ReceivedFile } from '../upload-intake.js';

/** What loading a file would do. */
export interface Trial {
  counts: IngestCounts;
  changes: RowChanges;
  dialect: Dialect;
  columns: Column[];
  /** Which columns would play which role. */
  roles: RoleView[];
  drift: ColumnDrift[];
  findings: Finding[];
  /** The first of the single findings, without the file's name. */
  anomalies: Anomaly[];
}

const SHOWN_ANOMALIES = 100;

/**
 * Reads a file as a worker would and keeps nothing of it. It happens in the process that is asked, so that nothing of
 * the file, not even a task, ever stands in a database or queue; one file at a time, and only so large ones as the
 * caller has let in.
 */
@Injectable()
export class TrialService {
  private readonly workDirectories: WorkDirectories;

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly frames: FrameIngest,
    private readonly lists: FindingLists,
    private readonly visibility: Visibility,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.workDirectories = new WorkDirectories(settings.dataDirectory);
  }

  /** @throws Problem as the task that loads the file would fail with; unavailable where too many files are tried */
  async run(dataset: DatasetEntity, file: ReceivedFile): Promise<Trial> {
    const plan = new ReadingPlan(file, await knownTable(this.manager, dataset));
    const timezone = await this.datasets.timezone(dataset);
    const uploadId = uuidv7();
    const workDirectory = await this.workDirectories.create(uploadId, 0);
    const request = {
      ...plan.request,
      path: file.staged.path,
      uploadId,
      revision: 0,
      duplicates: dataset.duplicates,
      maxRejectedShare: dataset.maxRejectedShare ?? undefined,
      limits: this.settings.files,
      fallbackEncoding: this.settings.files.fallbackEncoding,
      timezone,
      workDirectory,
    };
    try {
      return await this.frames.preview(request, async (preview) => ({
        counts: preview.counts,
        changes: await this.changes(dataset, file, plan, { uploadId, preview }),
        dialect: preview.dialect,
        columns: preview.columns,
        roles: rolesOf(
          {
            mapping: { roles: preview.roles, columns: {} },
            decisions: plan.decided(dataset.decisions),
          },
          preview.columns,
        ),
        drift: plan.drift,
        findings: preview.findings,
        anomalies: await this.firstAnomalies(preview),
      }));
    } finally {
      await this.workDirectories.remove(uploadId, 0);
    }
  }

  private async firstAnomalies({ artefacts, findings }: IngestPreview): Promise<Anomaly[]> {
    const path = artefacts.anomalies;
    if (path === undefined) return [];
    return (await this.lists.page({ path, findings }, { page: 1, pageSize: SHOWN_ANOMALIES })).results;
  }

  private changes(
    dataset: DatasetEntity,
    { mode }: ReceivedFile,
    { keyColumns }: ReadingPlan,
    { uploadId, preview }: { uploadId: string; preview: IngestPreview },
  ): Promise<RowChanges> {
    const { columns, roles, manifest, rowCount, counts, paths } = preview;
    return this.visibility.changes(
      this.manager,
      dataset,
      {
        uploadId,
        ordinal: dataset.lastOrdinal + 1,
        mode,
        keyColumns,
        repeatsKeys: counts.repeatedKeys > 0,
        revision: 0,
        rowCount,
        columns,
        roles,
        manifest,
        localPaths: paths,
      },
      {},
    );
  }
}
