import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { isUniqueViolation } from '@app/database';
import { failpoint } from '@app/failpoints';
import type { Dialect } from '@app/frames';
import { Problem } from '@app/problems';
import { BlobStore, holdBlobs, type StagedBlob } from '@app/storage';
import { type TaskEntity, TaskService } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { BundleEntity } from './bundles/bundle.entity.js';
import { DatasetEntity } from './dataset.entity.js';
import { DatasetService, type NewDataset } from './dataset.service.js';
import { storable } from './storable-text.js';
import { LIVE_BYTES, UploadEntity, type UploadMode, type UploadOptions } from './upload.entity.js';

/** A file that was received and looks like a CSV. */
export interface ReceivedFile {
  staged: StagedBlob;
  fileName: string;
  /** As the head of the file has it. */
  dialect: Dialect;
  mode: UploadMode;
  /** Names of columns of the file; of upsert and mirror only. */
  keyColumns: string[];
  options: UploadOptions;
}

export interface AcceptedUpload {
  dataset: DatasetEntity;
  upload: UploadEntity;
  task: TaskEntity;
}

/** Finds the dataset of an upload inside the transaction, under its lock. */
type DatasetSource = (manager: EntityManager) => Promise<DatasetEntity>;

// Each round needs another upload of the same bytes to have come and gone meanwhile.
const MAX_ROUNDS = 3;
const BUSY_RETRY_SECONDS = 1;

/** Takes received files in: from then on they are either queued to be read, or nothing of them is left. */
@Injectable()
export class UploadIntake {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly blobs: BlobStore,
    private readonly datasets: DatasetService,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
  ) {}

  /**
   * An upload that begins a dataset. The caller has checked the customer and {@link DatasetService.checkStore}.
   * @throws Problem duplicate with `uploadId` of the live upload that has the same bytes
   */
  acceptInto(given: NewDataset, file: ReceivedFile, actor: Actor): Promise<AcceptedUpload> {
    return this.accept(given.customerId, file, actor, (manager) =>
      this.datasets.insert(manager, given, actor, file.options.mapping),
    );
  }

  /**
   * A further upload of a dataset.
   * @throws Problem duplicate, as {@link acceptInto}; not_found where the dataset was removed meanwhile
   */
  acceptFor(dataset: DatasetEntity, file: ReceivedFile, actor: Actor): Promise<AcceptedUpload> {
    return this.accept(dataset.customerId, file, actor, (manager) => this.datasets.lock(manager, dataset.id));
  }

  /**
   * Makes the bytes of files durable, then runs `insert` in one transaction and sets its tasks going.
   * @throws Problem duplicate with `uploadId` of the live upload that has the bytes of one of them
   */
  async takeIn<T>(
    customerId: string,
    files: readonly ReceivedFile[],
    insert: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    for (const file of files) await this.refuseDuplicate(customerId, file);
    // Before the transaction: a blob without an upload harms nobody, an upload without its blob is lost.
    for (const { staged } of files) await this.blobs.commit(staged);
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      try {
        const accepted = await this.manager.transaction(insert);
        failpoint('upload.committed');
        this.tasks.announce();
        return accepted;
      } catch (error) {
        if (!isUniqueViolation(error, LIVE_BYTES)) throw error;
        for (const file of files) await this.refuseDuplicate(customerId, file);
      }
    }
    throw new Problem('unavailable', 'The same file is being uploaded and removed right now.', {
      retryAfterSeconds: BUSY_RETRY_SECONDS,
    });
  }

  private accept(
    customerId: string,
    file: ReceivedFile,
    actor: Actor,
    source: DatasetSource,
  ): Promise<AcceptedUpload> {
    return this.takeIn(customerId, [file], async (manager) => {
      const dataset = await source(manager);
      const upload = await this.insert(manager, dataset, file, actor);
      const task = await this.tasks.enqueue(manager, {
        id: upload.taskId,
        kind: 'ingest',
        customerId,
        datasetId: dataset.id,
        uploadId: upload.id,
        ...(actor.actorId !== undefined && { createdBy: actor.actorId }),
      });
      return { dataset, upload, task };
    });
  }

  /** An upload that a task of the caller reads, in the caller's transaction: that of its bundle, where it has one. */
  async insert(
    manager: EntityManager,
    dataset: DatasetEntity,
    file: ReceivedFile,
    actor: Actor,
    bundle?: BundleEntity,
  ): Promise<UploadEntity> {
    const ordinal = dataset.lastOrdinal + 1;
    await holdBlobs(manager, this.blobs, [file.staged.sha256]);
    await manager.update(DatasetEntity, { id: dataset.id }, { lastOrdinal: ordinal });
    const id = uuidv7();
    await manager.insert(UploadEntity, {
      id,
      customerId: dataset.customerId,
      datasetId: dataset.id,
      ordinal,
      mode: file.mode,
      keyColumns: file.keyColumns,
      options: storable(file.options),
      fileName: file.fileName,
      sizeBytes: file.staged.sizeBytes,
      sha256: file.staged.sha256,
      encoding: file.dialect.encoding,
      delimiter: file.dialect.delimiter,
      taskId: bundle?.taskId ?? uuidv7(),
      bundleId: bundle?.id ?? null,
      uploadedBy: actor.actorId ?? null,
    });
    const upload = await manager.findOneByOrFail(UploadEntity, { id });
    const { datasetId, mode, sha256 } = upload;
    await this.audit.recordDeed(manager, 'upload.create', upload, actor, { datasetId, mode, sha256 });
    failpoint('upload.before-commit');
    return upload;
  }

  private async refuseDuplicate(customerId: string, { staged: { sha256 } }: ReceivedFile): Promise<void> {
    const first = await this.manager.findOneBy(UploadEntity, { customerId, sha256, isLive: true });
    if (first === null) return;
    throw new Problem('duplicate', 'This customer has uploaded the same file already.', {
      extensions: { uploadId: first.id, datasetId: first.datasetId },
    });
  }
}
