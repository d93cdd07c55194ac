import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { isUniqueViolation } from '@app/database';
import { Problem } from '@app/problems';
import { TaskService } from '@app/tasks';
import { type EntityManager, In, IsNull } from 'typeorm';
import { DatasetEntity } from './dataset.entity.js';
import { DatasetService } from './dataset.service.js';
import { Visibility } from './fold/visibility.js';
import { LIVE_BYTES, UploadEntity } from './upload.entity.js';
import { UploadService } from './upload.service.js';

/** Longest time that folding what is left may take; beyond it nothing is undone. */
const DEADLINE_MILLISECONDS = 60_000;

/** Takes uploads and datasets away again. Frames and bytes stay for those who are still reading them. */
@Injectable()
export class RemovalService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly uploads: UploadService,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
    private readonly visibility: Visibility,
  ) {}

  /**
   * Undoes an upload: its rows are gone from the dataset at once, and what it hid is back. One that is not
   * read yet is cancelled and stays to be seen as such.
   * @throws Problem not_found; unavailable where rows have keys and there is no place or time to fold them
   */
  async removeUpload(id: string, actor: Actor): Promise<void> {
    const upload = await this.uploads.get(id);
    if (isOpen(upload) && (await this.cancel(upload))) {
      await this.audit.recordDeed(this.manager, 'upload.cancel', upload, actor, about(upload));
      return;
    }
    // One that is being read again is undone with both its readings.
    await this.cancel(upload);
    await this.undo(upload, actor);
  }

  /**
   * Removes a dataset from sight with all its uploads, whose bytes may then be uploaded again.
   * @throws Problem not_found
   */
  async removeDataset(id: string, actor: Actor): Promise<void> {
    // An upload that is accepted after this finds its dataset gone when it wants to publish.
    const open = await this.manager.findBy(UploadEntity, {
      datasetId: id,
      status: In(['queued', 'processing']),
      deletedAt: IsNull(),
    });
    for (const upload of open) await this.cancel(upload);
    await this.manager.transaction(async (manager) => {
      const dataset = await this.datasets.lock(manager, id);
      await manager.update(DatasetEntity, { id }, { deletedAt: () => 'now()' });
      await manager.update(
        UploadEntity,
        { datasetId: id, deletedAt: IsNull() },
        { isLive: false, deletedAt: () => 'now()' },
      );
      await this.audit.recordDeed(manager, 'dataset.delete', dataset, actor);
    });
  }

  /** In a transaction of its own, as tasks are locked before datasets. @returns false where it was finished */
  private async cancel(upload: UploadEntity): Promise<boolean> {
    try {
      await this.tasks.cancel(upload.taskId);
      return true;
    } catch (error) {
      // A finished task may be gone from the lists.
      if (error instanceof Problem && ['conflict', 'not_found'].includes(error.code)) return false;
      throw error;
    }
  }

  private async undo(upload: UploadEntity, actor: Actor): Promise<void> {
    try {
      await this.manager.transaction(async (manager) => {
        const dataset = await this.datasets.lock(manager, upload.datasetId);
        const { affected } = await manager.update(
          UploadEntity,
          { id: upload.id, deletedAt: IsNull() },
          { isLive: false, deletedAt: () => 'now()' },
        );
        // Somebody else undid it meanwhile.
        if (affected === 0) return;
        await this.visibility.recompute(manager, dataset, { deadlineMilliseconds: DEADLINE_MILLISECONDS });
        await this.audit.recordDeed(manager, 'upload.delete', upload, actor, about(upload));
      });
    } catch (error) {
      if (!isUniqueViolation(error, LIVE_BYTES)) throw error;
      throw new Problem('conflict', 'A file that this upload hid is being uploaded again right now.', {
        cause: error,
      });
    }
  }
}

const isOpen = ({ status }: UploadEntity): boolean => status === 'queued' || status === 'processing';

/** What the audit says of every deed. */
const about = ({ datasetId, sha256 }: UploadEntity): object => ({ datasetId, sha256 });
