import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import { WorkDirectories } from '@app/datasets';
import { FrameCache, FrameRepository, type FrameTable } from '@app/frames';
import { LOGGER, type Logger } from '@app/logging';
import { BlobStore, lockBlob } from '@app/storage';
import { DataSource } from 'typeorm';
import { isNamed, namedBlobs } from '../named/named-blobs.js';
import { unusedFrames } from '../named/unused-frames.js';
import { asOnlySweeper } from './sweep-lock.js';

export interface Swept {
  /** Temporary files and directories of killed processes. */
  temporaryFiles: number;
  blobs: number;
  frames: number;
}

const BATCH_SIZE = 500;

/**
 * Removes what nothing names: files of killed processes, blobs, frames of attempts that failed and of readings, reports
 * and uploads that are gone. Only what has been unused for the grace period, so that whoever still reads it can end.
 */
@Injectable()
export class OrphanSweeper {
  private readonly work: WorkDirectories;

  constructor(
    private readonly dataSource: DataSource,
    private readonly blobs: BlobStore,
    private readonly frames: FrameRepository,
    private readonly cache: FrameCache,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.work = new WorkDirectories(settings.dataDirectory);
  }

  /**
   * Of all processes one sweeps at a time.
   * @returns undefined where another one does, or a backup is being taken
   * @throws FrameStoreUnavailable
   */
  async sweep(graceSeconds = this.settings.operations.orphanGraceSeconds): Promise<Swept | undefined> {
    return asOnlySweeper(this.dataSource, async () => {
      const swept = {
        temporaryFiles:
          (await this.blobs.sweepStaged()) +
          (await this.cache.sweepTemporary()) +
          (await this.work.sweep((uploadIds) => this.beingRead(uploadIds))),
        blobs: await this.sweepBlobs(graceSeconds),
        frames: await this.sweepFrames(graceSeconds),
      };
      if (swept.temporaryFiles + swept.blobs + swept.frames > 0)
        this.logger.info(swept, 'unused data removed');
      return swept;
    });
  }

  private async beingRead(uploadIds: string[]): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT upload.id FROM uploads upload JOIN tasks task ON task.id = upload.task_id
        WHERE upload.id = ANY($1) AND task.status = 'running'`,
      [uploadIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async sweepBlobs(graceSeconds: number): Promise<number> {
    const { manager } = this.dataSource;
    const before = new Date(Date.now() - graceSeconds * 1000);
    const named = new Set((await namedBlobs(manager, graceSeconds)).map(({ sha256 }) => sha256));
    let removed = 0;
    for await (const { sha256, modifiedAt } of this.blobs.list()) {
      if (named.has(sha256) || modifiedAt >= before) continue;
      // Whoever wants to name it now waits, and then finds it gone or there.
      await manager.transaction(async (transaction) => {
        await lockBlob(transaction, sha256);
        if (await isNamed(transaction, sha256, graceSeconds)) return;
        if (await this.blobs.removeOlder(sha256, before)) removed += 1;
      });
    }
    return removed;
  }

  private async sweepFrames(graceSeconds: number): Promise<number> {
    let removed = 0;
    const sweepBatch = async (tables: readonly FrameTable[]): Promise<void> => {
      for (const { ownerId, revision } of await unusedFrames(this.dataSource.manager, tables, graceSeconds)) {
        removed += await this.frames.removeRevision(ownerId, revision);
      }
    };
    let batch: FrameTable[] = [];
    for await (const table of this.frames.tables()) {
      batch.push(table);
      if (batch.length < BATCH_SIZE) continue;
      await sweepBatch(batch);
      batch = [];
    }
    await sweepBatch(batch);
    return removed;
  }
}
