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
import { withMapping } from '../column-mapping.js';
import { DatasetService } from '../dataset.service.js';
import { Visibility } from '../fold/visibility.js';
import { storable } from '../storable-text.js';
import { UploadEntity } from '../upload.entity.js';
import { type Artefact, UploadRevisionEntity } from '../upload-revision.entity.js';
import { checkStillFits, readingPlan, type ReadingPlan } from './reading-plan.js';
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
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.workDirectories = new WorkDirectories(settings.dataDirectory);
  }

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async started(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(UploadEntity, { id: subject(task) }, { status: 'processing', error: null });
  }

  async requeued(manager: EntityManager, task: TaskEntity): Promise<void> {
    const upload = await manager.findOneBy(UploadEntity, { id: subject(task), deletedAt: IsNull() });
    if (upload === null) throw notFound('upload');
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
  }

  async run(context: TaskContext): Promise<void> {
    const uploadId = subject(context.task);
    const upload = await this.manager.findOneBy(UploadEntity, { id: uploadId, deletedAt: IsNull() });
    if (upload === null) throw notFound('upload');
    const dataset = await this.datasets.get(upload.datasetId);
    const plan = readingPlan(upload, await this.datasets.view(dataset));
    const reading = await this.read(context, upload, plan, await this.datasets.timezone(dataset));
    await context.publish((manager) => this.publish(manager, context, upload, reading));
    if (upload.revision === null) await this.sweepEarlierAttempts(uploadId, context.fence);
  }

  private async read(
    context: TaskContext,
    upload: UploadEntity,
    plan: ReadingPlan,
    timezone: string,
  ): Promise<Reading> {
    const { fence, signal } = context;
    const workDirectory = await this.workDirectories.create(upload.id, fence);
    try {
      const result = await this.frames.ingest({
        ...plan,
        path: await this.blobs.localPath(upload.sha256),
        uploadId: upload.id,
        revision: fence,
        keyColumns: upload.keyColumns,
        limits: this.settings.files,
        fallbackEncoding: this.settings.files.fallbackEncoding,
        timezone,
        workDirectory,
        signal,
        onProgress: (progress) => context.progress(progress),
      });
      const { anomalies, rejects } = result.artefacts;
      this.logger.info({ uploadId: upload.id, timings: result.timings }, 'file read');
      return { result, anomalies: await this.keep(anomalies), rejects: await this.keep(rejects), plan };
    } catch (error) {
      await this.forget(upload.id, fence);
      throw error;
    } finally {
      await this.workDirectories.remove(upload.id, fence);
    }
  }

  private async publish(
    manager: EntityManager,
    { fence, signal }: TaskContext,
    upload: UploadEntity,
    { result, anomalies, rejects, plan }: Reading,
  ): Promise<object> {
    const { counts, dialect } = result;
    const dataset = await this.datasets.lock(manager, upload.datasetId);
    if (dataset.visibleSetId !== plan.visibleSetId && upload.mode !== 'replace') {
      checkStillFits((await this.datasets.view(dataset)).columns, result.columns, plan);
    }
    const { columns, roles, manifest, rowCount } = result;
    const { id: uploadId, ordinal, mode, keyColumns } = upload;
    const repeatsKeys = counts.repeatedKeys > 0;
    const ready = {
      uploadId,
      ordinal,
      mode,
      keyColumns,
      repeatsKeys,
      revision: fence,
      rowCount,
      columns,
      roles,
      manifest,
    };
    const options = { ownWork: true, signal };
    const changes = await this.visibility.changes(manager, dataset, ready, options);
    await manager.insert(UploadRevisionEntity, {
      uploadId,
      revision: fence,
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
      { id: upload.id },
      { status: 'ready', revision: fence, encoding, delimiter, error: null, readyAt: () => 'now()' },
    );
    dataset.decisions = withMapping(dataset.decisions, upload.options.mapping);
    await this.visibility.recompute(manager, dataset, options);
    return {
      uploadId: upload.id,
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
  private async sweepEarlierAttempts(uploadId: string, fence: number): Promise<void> {
    for (let revision = 1; revision < fence; revision += 1) await this.forget(uploadId, revision);
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
  anomalies: Artefact | null;
  rejects: Artefact | null;
  plan: ReadingPlan;
}

function subject(task: TaskEntity): string {
  if (task.uploadId === null) throw new Problem('unprocessable', 'The task names no upload.');
  return task.uploadId;
}
