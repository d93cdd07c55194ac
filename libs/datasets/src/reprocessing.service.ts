import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { SETTINGS, type Settings } from '@app/config';
import { isUniqueViolation } from '@app/database';
import { preflight, readHead } from '@app/frames';
import { notFound, Problem } from '@app/problems';
import { BlobStore } from '@app/storage';
import { TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { checkDistinctRoles, checkMappingNames, NO_DECISIONS, withMapping } from './column-mapping.js';
import { DatasetService } from './dataset.service.js';
import { revisionOf } from './ingest/reading-order.js';
import { LIVE_BYTES, UploadEntity, type UploadOptions } from './upload.entity.js';

/** Orders that files are read again. Readers see the earlier reading until the new one is there. */
@Injectable()
export class ReprocessingService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
    private readonly blobs: BlobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Options that are given take the place of the upload's, a mapping adds to its own.
   * @throws Problem not_found; invalid_parameter for options that make no sense and columns that the file lacks;
   * unprocessable where the head of the file cannot be read so; conflict while the upload is being read; duplicate where it failed and the same bytes
   * were uploaded since
   */
  async request(
    id: string,
    options: UploadOptions,
    actor: Actor,
  ): Promise<{ upload: UploadEntity; task: TaskEntity }> {
    await this.check(id, options);
    try {
      const ordered = await this.manager.transaction((manager) => this.order(manager, id, options, actor));
      this.tasks.announce();
      return ordered;
    } catch (error) {
      if (!isUniqueViolation(error, LIVE_BYTES)) throw error;
      throw new Problem('duplicate', 'The same file was uploaded again since.', { cause: error });
    }
  }

  private async check(id: string, given: UploadOptions): Promise<void> {
    const { sha256, options } = await find(this.manager, id);
    const { mapping, ...overrides } = given;
    checkDistinctRoles(mapping);
    const { fallbackEncoding, ...limits } = this.settings.files;
    const { head, ...about } = await readHead(await this.blobs.localPath(sha256));
    const { names } = preflight(head, {
      ...about,
      overrides: { ...options, ...overrides },
      limits,
      fallbackEncoding,
    });
    checkMappingNames(mapping, names);
  }

  private async order(
    manager: EntityManager,
    id: string,
    given: UploadOptions,
    actor: Actor,
  ): Promise<{ upload: UploadEntity; task: TaskEntity }> {
    const { datasetId } = await find(manager, id);
    // The lock keeps two requests for the same upload apart.
    const dataset = await this.datasets.lock(manager, datasetId);
    const upload = await find(manager, id);
    const last = await manager.findOneOrFail(TaskEntity, { where: { id: upload.taskId }, withDeleted: true });
    if (last.status === 'queued' || last.status === 'running') {
      throw new Problem('conflict', 'The file is being read already.', { extensions: { taskId: last.id } });
    }
    if (upload.revision === null && upload.bundleId !== null) {
      throw new Problem(
        'conflict',
        'The file came with others, and all are loaded or none: try their task again, or send them again.',
        { extensions: { taskId: upload.taskId } },
      );
    }
    const options = merged(upload.options, given);
    const task = await this.tasks.enqueue(manager, {
      id: uuidv7(),
      kind: 'ingest',
      customerId: dataset.customerId,
      datasetId,
      uploadId: id,
      payload: { options, after: revisionOf(last) },
      ...(actor.actorId !== undefined && { createdBy: actor.actorId }),
    });
    await manager.update(
      UploadEntity,
      { id },
      {
        taskId: task.id,
        error: null,
        ...(upload.revision === null && { status: 'queued', isLive: true }),
      },
    );
    const reread = await find(manager, id);
    await this.audit.recordDeed(manager, 'upload.reprocess', reread, actor, {
      datasetId,
      options: Object.keys(given),
    });
    return { upload: reread, task };
  }
}

async function find(manager: EntityManager, id: string): Promise<UploadEntity> {
  const upload = await manager.findOneBy(UploadEntity, { id, deletedAt: IsNull() });
  if (upload === null) throw notFound('upload');
  return upload;
}

function merged(before: UploadOptions, given: UploadOptions): UploadOptions {
  const { mapping } = before;
  if (mapping === undefined || given.mapping === undefined) return { ...before, ...given };
  const { roles, columns } = withMapping(withMapping(NO_DECISIONS, mapping), given.mapping);
  const kept = Object.entries(roles).flatMap(([role, name]) => (name === null ? [] : [[role, name]]));
  return { ...before, ...given, mapping: { roles: Object.fromEntries(kept), columns } };
}
