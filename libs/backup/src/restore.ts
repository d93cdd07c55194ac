import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { FrameRepository, readArchivedFrames } from '@app/frames';
import { BlobStore } from '@app/storage';
import { DataSource, type EntityManager } from 'typeorm';
import { hashFile } from './hashed-file.js';
import {
  BackupError,
  type BackupManifest,
  blobPath,
  framesPath,
  readManifest,
  tablePath,
} from './manifest.js';
import { appliedMigrations, filledTables, loadTable, tablesInOrder } from './postgres/table-dump.js';

/** Brings a backup back into an empty system, in which no app runs. */
@Injectable()
export class Restore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly frames: FrameRepository,
    private readonly blobs: BlobStore,
  ) {}

  /**
   * Blobs and frames first, then all rows in one transaction: whatever breaks off may be repeated. What was running
   * when the backup was taken waits to be started again.
   * @throws BackupError where the backup is damaged, does not fit this version, or the system is not empty;
   * FrameStoreUnavailable
   */
  async restore(directory: string): Promise<BackupManifest> {
    const manifest = await readManifest(directory);
    const { manager } = this.dataSource;
    const tables = await tablesInOrder(manager);
    await this.refuse(manager, tables, manifest);
    await verifyFiles(directory, manifest);
    for (const { sha256 } of manifest.blobs) await this.restoreBlob(directory, sha256);
    await this.restoreFrames(directory, manifest);
    await this.dataSource.transaction(async (transaction) => {
      await transaction.query('SET LOCAL statement_timeout = 0');
      for (const table of tables) {
        const expected = manifest.tables[table]?.rows ?? 0;
        const rows = expected === 0 ? 0 : await loadTable(transaction, table, tablePath(directory, table));
        if (rows !== expected) throw new BackupError(`${table}: ${rows} rows and not ${expected}.`);
      }
      // No worker has them any more, and no message tells of them: the sweeper announces them.
      await transaction.query(
        `UPDATE tasks SET status = 'queued', lease_owner = NULL, lease_until = NULL, run_at = now(), announced_at = now()
          WHERE status IN ('queued', 'running')`,
      );
      // What was restored is no news.
      await transaction.query('TRUNCATE stream_events');
    });
    return manifest;
  }

  private async refuse(manager: EntityManager, tables: string[], manifest: BackupManifest): Promise<void> {
    const filled = await filledTables(manager, tables);
    if (filled.length > 0)
      throw new BackupError(`The database is not empty: ${filled.join(', ')} have rows.`);
    const here = await appliedMigrations(manager);
    if (here.join() !== manifest.migrations.join()) {
      throw new BackupError(
        `The backup needs the schema ${manifest.migrations.join(', ')}; this is ${here.join(', ')}.`,
      );
    }
    const unknown = Object.keys(manifest.tables).filter((table) => !tables.includes(table));
    if (unknown.length > 0) throw new BackupError(`There are no tables ${unknown.join(', ')}.`);
  }

  private async restoreBlob(directory: string, sha256: string): Promise<void> {
    const source = createReadStream(blobPath(directory, sha256));
    const staged = await this.blobs.stage(source, { maxBytes: Number.MAX_SAFE_INTEGER });
    if (staged.sha256 !== sha256) {
      await this.blobs.discard(staged);
      throw new BackupError(`The backup's file ${sha256} is damaged.`);
    }
    await this.blobs.commit(staged);
  }

  private async restoreFrames(directory: string, manifest: BackupManifest): Promise<void> {
    let count = 0;
    for await (const frame of readArchivedFrames(createReadStream(framesPath(directory)))) {
      const { _id: id, data, sha256 } = frame;
      if (createHash('sha256').update(data).digest('hex') !== sha256) {
        throw new BackupError(`The backup's frame ${id} is damaged.`);
      }
      await this.frames.insert(frame);
      count += 1;
    }
    if (count !== manifest.frames.count) {
      throw new BackupError(`${count} frames and not ${manifest.frames.count}.`);
    }
  }
}

/** Before anything is written. */
async function verifyFiles(directory: string, manifest: BackupManifest): Promise<void> {
  const files = [
    ...Object.entries(manifest.tables).map(([table, file]) => ({ path: tablePath(directory, table), file })),
    { path: framesPath(directory), file: manifest.frames },
    ...manifest.blobs.map(({ sha256, sizeBytes }) => ({
      path: blobPath(directory, sha256),
      file: { sha256, bytes: sizeBytes },
    })),
  ];
  for (const { path, file } of files) {
    const found = await hashFile(path).catch((cause: unknown) => {
      throw new BackupError(`${path} cannot be read.`, { cause });
    });
    if (found.sha256 !== file.sha256 || found.bytes !== file.bytes)
      throw new BackupError(`${path} is damaged.`);
  }
}
