import { createReadStream } from 'node:fs';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { FrameIngest, FrameRepository, type IngestResult } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { notFound, Problem } from '@app/problems';
import { BlobStore } from '@app/storage';
import {
  type TaskContext,
  type TaskEntity,
  type TaskError,
  type TaskHandler,
  TaskHandlers,
} from '@app/tasks';
import { type EntityManager, In, IsNull } from 'typeorm';
import type { DatasetEntity } from '../dataset.entity.js';
import { DatasetService } from '../dataset.service.js';
import { DriftProblem } from '../drift/column-drift.js';
import { Visibility } from '../fold/visibility.js';
import { LinkChecks } from '../links/link-checks.js';
import { storable } from '../storable-text.js';
import { UploadEntity } from '../upload.entity.js';
import { type Artefact, UploadRevisionEntity } from '../upload-revision.entity.js';
import { knownTable } from './known-table.js';
import { firstRevisionOf, optionsOf, revisionOf } from './reading-order.js';
import { ReadingPlan } from './reading-plan.js';
import { WorkDirectories } from './work-directories.js';

/** Reads an uploaded file into frames and shows them to the dataset's readers, all of them or none. */
@Injectable()
export class IngestHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'ingest';
  private readonly workDirectories: WorkDirectories;

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly handlers: TaskHandlers,
    private readonly datasets: DatasetService,
    private readonly blobs: BlobStore,
    private readonly frames: FrameIngest,
    private readonly repository: FrameRepository,
    private readonly visibility: Visibility,
    private readonly links: LinkChecks,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.workDirectories = new WorkDirectories(settings.dataDirectory);
  }

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async started(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(
      UploadEntity,
      { id: subject(task), revision: IsNull() },
      { status: 'processing', error: null },
    );
  }

  async requeued(manager: EntityManager, task: TaskEntity): Promise<void> {
    const upload = await manager.findOneBy(UploadEntity, { id: subject(task), deletedAt: IsNull() });
    if (upload === null) throw notFound('upload');
    if (upload.taskId !== task.id) {
      throw new Problem('conflict', 'A later task reads this file.', {
        extensions: { taskId: upload.taskId },
      });
    }
    if (upload.revision !== null) return;
    const { customerId, sha256, isLive } = upload;
    const other = isLive ? null : await manager.findOneBy(UploadEntity, { customerId, sha256, isLive: true });
    if (other !== null) {
      throw new Problem('duplicate', 'The same file was uploaded again since.', {
        extensions: { uploadId: other.id },
      });
    }
    await manager.update(UploadEntity, { id: upload.id }, { status: 'queued', error: null, isLive: true });
  }

  async ended(
    manager: EntityManager,
    task: TaskEntity,
    status: 'failed' | 'cancelled',
    error: TaskError,
  ): Promise<void> {
    await manager.update(
      UploadEntity,
      { id: subject(task), status: In(['queued', 'processing']) },
      { status, isLive: false, error: { code: error.code, message: error.message } },
    );
    // What was read before stays; that it could not be read again is said beside it.
    if (status === 'failed') {
      const { code, message } = error;
      await manager.update(
        UploadEntity,
        { id: subject(task), taskId: task.id, status: 'ready' },
        { error: { code, message } },
      );
    }
  }

  async run(context: TaskContext): Promise<void> {
    const { task } = context;
    const uploadId = subject(task);
    const upload = await this.manager.findOneBy(UploadEntity, { id: uploadId, deletedAt: IsNull() });
    if (upload === null) throw notFound('upload');
    upload.options = optionsOf(task, upload);
    const dataset = await this.datasets.get(upload.datasetId);
    const plan = new ReadingPlan(upload, await knownTable(this.manager, dataset, uploadId));
    try {
      const reading = await this.read(context, upload, dataset, plan);
      await context.publish((manager) => this.publish(manager, context, upload, reading));
    } catch (error) {
      // A file that does not fit says so column by column, also where nothing of it is loaded.
      if (error instanceof DriftProblem) {
        await this.manager.update(
          UploadEntity,
          { id: uploadId, taskId: task.id, revision: IsNull() },
          { drift: storable(plan.drift) },
        );
      }
      throw error;
    }
    await this.sweepEarlierAttempts(uploadId, task);
    await this.links.refresh(dataset.id, context.signal);
  }

  private async read(
    context: TaskContext,
    upload: UploadEntity,
    dataset: DatasetEntity,
    plan: ReadingPlan,
  ): Promise<Reading> {
    const { signal } = context;
    const revision = revisionOf(context.task);
    const workDirectory = await this.workDirectories.create(upload.id, revision);
    try {
      const result = await this.frames.ingest({
        ...plan.request,
        path: await this.blobs.localPath(upload.sha256),
        uploadId: upload.id,
        revision,
        duplicates: dataset.duplicates,
        maxRejectedShare: dataset.maxRejectedShare ?? undefined,
        limits: this.settings.files,
        fallbackEncoding: this.settings.files.fallbackEncoding,
        timezone: await this.datasets.timezone(dataset),
        workDirectory,
        signal,
        onProgress: (progress) => context.progress(progress),
      });
      const { anomalies, rejects } = result.artefacts;
      this.logger.info({ uploadId: upload.id, timings: result.timings }, 'file read');
      return {
        result,
        revision,
        anomalies: await this.keep(anomalies),
        rejects: await this.keep(rejects),
        plan,
      };
    } catch (error) {
      await this.forget(upload.id, revision);
      throw error;
    } finally {
      await this.workDirectories.remove(upload.id, revision);
    }
  }

  private async publish(
    manager: EntityManager,
    { signal }: TaskContext,
    upload: UploadEntity,
    { result, revision, anomalies, rejects, plan }: Reading,
  ): Promise<object> {
    const { counts, dialect, columns, roles, manifest, rowCount } = result;
    const dataset = await this.datasets.lock(manager, upload.datasetId);
    const { id: uploadId, ordinal, mode } = upload;
    if (!(await manager.existsBy(UploadEntity, { id: uploadId, deletedAt: IsNull() })))
      throw notFound('upload');
    const now = plan.againstNow(await knownTable(manager, dataset, uploadId));
    const { drift, keyColumns } = now;
    const options = { ownWork: true, signal };
    const changes = await this.visibility.changes(
      manager,
      dataset,
      {
        uploadId,
        ordinal,
        mode,
        keyColumns,
        repeatsKeys: counts.repeatedKeys > 0,
        revision,
        rowCount,
        columns,
        roles,
        manifest,
      },
      options,
    );
    await manager.insert(UploadRevisionEntity, {
      uploadId,
      revision,
      rowCount,
      rejectedCount: counts.rejected,
      duplicateCount: counts.duplicates,
      anomalyCount: counts.anomalies,
      blankCount: counts.blankLines,
      dialect,
      columns: storable(columns),
      roles: storable(roles),
      manifest,
      changes,
      findings: { summary: storable(result.findings), anomalies, rejects },
    });
    const { encoding, delimiter } = dialect;
    await manager.update(
      UploadEntity,
      { id: uploadId },
      {
        status: 'ready',
        revision,
        options: upload.options,
        keyColumns: storable(keyColumns),
        drift: storable(drift),
        encoding,
        delimiter,
        error: null,
        readyAt: () => 'now()',
      },
    );
    dataset.decisions = storable(now.decided(dataset.decisions));
    await this.visibility.recompute(manager, dataset, options);
    return {
      uploadId,
      datasetId: dataset.id,
      rowCount,
      rejectedCount: counts.rejected,
      duplicateCount: counts.duplicates,
      anomalyCount: counts.anomalies,
      counts: changes,
    };
  }

  private async keep(path: string | undefined): Promise<Artefact | null> {
    if (path === undefined) return null;
    const staged = await this.blobs.stage(createReadStream(path), { maxBytes: Number.MAX_SAFE_INTEGER });
    await this.blobs.commit(staged);
    return { sha256: staged.sha256, sizeBytes: staged.sizeBytes };
  }

  /** Frames of attempts that were killed; no reader ever knew of them. */
  private async sweepEarlierAttempts(uploadId: string, task: TaskEntity): Promise<void> {
    for (let revision = firstRevisionOf(task); revision < revisionOf(task); revision += 1) {
      await this.forget(uploadId, revision);
    }
  }

  private async forget(uploadId: string, revision: number): Promise<void> {
    try {
      await this.repository.removeRevision(uploadId, revision);
    } catch (err) {
      this.logger.warn({ err, uploadId, revision }, 'frames of a failed attempt could not be removed');
    }
  }
}

interface Reading {
  result: IngestResult;
  revision: number;
  anomalies: Artefact | null;
  rejects: Artefact | null;
  plan: ReadingPlan;
}

function subject(task: TaskEntity): string {
  if (task.uploadId === null) throw new Problem('unprocessable', 'The task names no upload.');
  return task.uploadId;
}
