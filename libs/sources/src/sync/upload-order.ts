import { Injectable } from '@nestjs/common';
import { DatasetService, type ReceivedFile, type UploadEntity, UploadIntake } from '@app/datasets';
import { TaskService } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import type { ReadTable } from '../objects/object-reader.js';
import type { SourceEntity } from '../source.entity.js';

const MAX_FILE_NAME = 255;

/** A table as an upload of its source's mode. */
export const fileOf = (
  { mode, keyColumns }: SourceEntity,
  { name, staged, preflight }: ReadTable,
): ReceivedFile => ({
  staged,
  fileName: name.slice(-MAX_FILE_NAME),
  dialect: preflight.dialect,
  mode,
  keyColumns,
  options: {},
});

/** Orders uploads for a source. */
@Injectable()
export class UploadOrder {
  constructor(
    private readonly intake: UploadIntake,
    private readonly datasets: DatasetService,
    private readonly tasks: TaskService,
  ) {}

  /**
   * Takes files into a source's dataset, all or none, in one transaction with what `hold` and `accepted` do.
   * @param hold comes first and fails where the run may no longer write
   * @throws Problem duplicate where one of the files is there already
   */
  async takeIn(
    source: SourceEntity,
    files: readonly ReceivedFile[],
    hold: (manager: EntityManager) => Promise<void>,
    accepted: (manager: EntityManager, uploads: readonly UploadEntity[]) => Promise<void>,
  ): Promise<void> {
    const { customerId, datasetId, createdBy } = source;
    const actor = createdBy === null ? {} : { actorId: createdBy };
    await this.intake.takeIn(customerId, files, async (manager) => {
      await hold(manager);
      const dataset = await this.datasets.lock(manager, datasetId);
      const uploads: UploadEntity[] = [];
      for (const file of files) {
        const upload = await this.intake.insert(manager, dataset, file, actor);
        dataset.lastOrdinal = upload.ordinal;
        uploads.push(upload);
        await this.tasks.enqueue(manager, {
          id: upload.taskId,
          kind: 'ingest',
          customerId,
          datasetId,
          uploadId: upload.id,
          ...(createdBy !== null && { createdBy }),
        });
      }
      await accepted(manager, uploads);
    });
  }
}
