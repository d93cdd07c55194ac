import { createReadStream } from 'node:fs';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { FrameIngest, FrameRepository, type IngestResult } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { notFound } from '@app/problems';
import { BlobStore, holdBlobs } from '@app/storage';
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
import { bundleOf, namingFile, requeue, subjectOf, subjects } from './ingest-subjects.js';
import { LinkChecks } from '../links/link-checks.js';
import { storable } from '../storable-text.js';
import { UploadEntity } from '../upload.entity.js';
import { type Artefact, UploadRevisionEntity } from '../upload-revision.entity.js';
import { AttemptFrames } from './attempt-frames.js';
import { knownTable } from './known-table.js';
import { optionsOf, revisionOf } from './reading-order.js';
import { ReadingPlan } from './reading-plan.js';
import { WorkDirectories } from './work-directories.js';

/** Reads an uploaded file into frames and shows them to the dataset's readers, all of them or none. */
@Injectable()
export class IngestHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'ingest';
  private readonly workDirectories: WorkDirectories;
  private readonly attempts: AttemptFrames;

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly handlers: TaskHandlers,
    private readonly datasets: DatasetService,
    private readonly blobs: BlobStore,
    private readonly frames: FrameIngest,
    repository: FrameRepository,
    private readonly visibility: Visibility,
    private readonly links: LinkChecks,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.workDirectories = new WorkDirectories(settings.dataDirectory);
    this.attempts = new AttemptFrames(repository, logger);
  }

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async started(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(
      UploadEntity,
      { ...subjectOf(task), revision: IsNull() },
      { status: 'processing', error: null },
    );
  }

  async requeued(manager: EntityManager, task: TaskEntity): Promise<void> {
    for (const upload of await subjects(manager, task)) await requeue(manager, task, upload);
  }

  async ended(
    manager: EntityManager,
    task: TaskEntity,
    status: 'failed' | 'cancelled',
    error: TaskError,
  ): Promise<void> {
    await manager.update(
      UploadEntity,
      { ...subjectOf(task), status: In(['queued', 'processing']) },
      { status, isLive: false, error: { code: error.code, message: error.message } },
    );
    // What was read before stays; that it could not be read again is said beside it.
    if (status === 'failed') {
      const { code, message } = error;
      await manager.update(
        UploadEntity,
        { ...subjectOf(task), taskId: task.id, status: 'ready' },
        { error: { code, message } },
      );
    }
  }

  async run(context: TaskContext): Promise<void> {
    const { task } = context;
    const plans = new Map<string, ReadingPlan>();
    const readings: Reading[] = [];
    try {
      await this.readAll(context, plans, readings);
      await context.publish((manager) => this.publishAll(manager, context, readings));
    } catch (error) {
      // A file that does not fit says so column by column, also where nothing of it is loaded.
      if (error instanceof DriftProblem) await this.keepDrift(task, plans);
      throw error;
    }
    for (const { upload } of readings) {
      await this.attempts.sweepEarlier(upload.id, task);
      await this.links.refresh(upload.datasetId, context.signal);
    }
  }

  private async readAll(
    context: TaskContext,
    plans: Map<string, ReadingPlan>,
    readings: Reading[],
  ): Promise<void> {
    const { task } = context;
    try {
      for (const upload of await subjects(this.manager, task)) {
        upload.options = optionsOf(task, upload);
        const dataset = await this.datasets.get(upload.datasetId);
        const plan = new ReadingPlan(upload, await knownTable(this.manager, dataset, upload.id));
        plans.set(upload.id, plan);
        readings.push(await namingFile(task, upload, () => this.read(context, upload, dataset, plan)));
      }
    } catch (error) {
      for (const { upload, revision } of readings) await this.attempts.forget(upload.id, revision);
      throw error;
    }
  }

  private async keepDrift(task: TaskEntity, plans: ReadonlyMap<string, ReadingPlan>): Promise<void> {
    for (const [id, { drift }] of plans) {
      const where = { id, taskId: task.id, revision: IsNull() };
      await this.manager.update(UploadEntity, where, { drift: storable(drift) });
    }
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
        receivedAt: upload.createdAt,
        timezone: await this.datasets.timezone(dataset),
        workDirectory,
        signal,
        onProgress: (progress) => context.progress(progress),
      });
      const { anomalies, rejects } = result.artefacts;
      this.logger.info({ uploadId: upload.id, timings: result.timings }, 'file read');
      return {
        upload,
        result,
        revision,
        anomalies: await this.keep(anomalies),
        rejects: await this.keep(rejects),
        plan,
      };
    } catch (error) {
      await this.attempts.forget(upload.id, revision);
      throw error;
    } finally {
      await this.workDirectories.remove(upload.id, revision);
    }
  }

  /** Files of a bundle come into sight in one transaction, with what was found of the links between them. */
  private async publishAll(
    manager: EntityManager,
    context: TaskContext,
    readings: readonly Reading[],
  ): Promise<object> {
    const results: object[] = [];
    for (const reading of readings) {
      results.push(
        await namingFile(context.task, reading.upload, () => this.publish(manager, context, reading)),
      );
    }
    const bundleId = bundleOf(context.task);
    if (bundleId === undefined) return results[0] ?? {};
    const links = await this.links.ofBundle(manager, bundleId, context.signal);
    const counts = links.map(({ id, lastCheck }) => ({ id, ...lastCheck?.counts }));
    return { bundleId, uploads: results, links: counts };
  }

  private async publish(
    manager: EntityManager,
    { signal }: TaskContext,
    { upload, result, revision, anomalies, rejects, plan }: Reading,
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
    const kept = [anomalies, rejects].flatMap((artefact) => artefact?.sha256 ?? []);
    await holdBlobs(manager, this.blobs, kept);
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
}

interface Reading {
  upload: UploadEntity;
  result: IngestResult;
  revision: number;
  anomalies: Artefact | null;
  rejects: Artefact | null;
  plan: ReadingPlan;
}
