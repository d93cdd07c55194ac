import { mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { archivedFrame, frameId, FrameRepository } from '@app/frames';
import { type NamedBlob, namedBlobs, namedTables, withoutSweeps } from '@app/inspection';
import { BlobStore } from '@app/storage';
import { DataSource, type EntityManager } from 'typeorm';
import { writeHashed } from './hashed-file.js';
import {
  BACKUP_FORMAT,
  BackupError,
  type BackupManifest,
  blobPath,
  framesPath,
  manifestPath,
  tablePath,
} from './manifest.js';
import { appliedMigrations, dumpTable, tablesInOrder } from './postgres/table-dump.js';

/**
 * Copies the whole system while it works. First the rows of Postgres as of one moment, then the frames and blobs that those
 * rows name: these never change, and while a backup is taken nothing is swept, so that all of it fits together.
 */
@Injectable()
export class Backup {
  constructor(
    private readonly dataSource: DataSource,
    private readonly frames: FrameRepository,
    private readonly blobs: BlobStore,
  ) {}

  /**
   * @param directory that does not exist, or is empty
   * @throws BackupError where something that is named is not there or damaged; FrameStoreUnavailable
   */
  async take(directory: string): Promise<BackupManifest> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if ((await readdir(directory)).length > 0) throw new BackupError(`${directory} is not empty.`);
    const began = Date.now();
    return withoutSweeps(this.dataSource, () =>
      this.dataSource.transaction('REPEATABLE READ', async (manager) => {
        await manager.query('SET LOCAL statement_timeout = 0');
        const tables: BackupManifest['tables'] = {};
        for (const table of await tablesInOrder(manager)) {
          tables[table] = await dumpTable(manager, table, tablePath(directory, table));
        }
        const named = await namedBlobs(manager, 0);
        const frames = await this.copyFrames(manager, directory);
        for (const blob of named) await this.copyBlob(blob, directory);
        const [seal] = await manager.query<{ hash: string }[]>(
          'SELECT hash FROM audit_seals ORDER BY position DESC LIMIT 1',
        );
        const manifest: BackupManifest = {
          format: BACKUP_FORMAT,
          takenAt: new Date(began).toISOString(),
          seconds: (Date.now() - began) / 1000,
          migrations: await appliedMigrations(manager),
          tables,
          frames,
          blobs: named.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes })),
          auditSeal: seal?.hash ?? null,
        };
        await writeManifest(directory, manifest);
        return manifest;
      }),
    );
  }

  private async copyFrames(manager: EntityManager, directory: string): Promise<BackupManifest['frames']> {
    let count = 0;
    const archive = async function* (this: Backup): AsyncGenerator<Uint8Array> {
      for await (const { ownerId, revision, manifest, namedBy } of namedTables(manager)) {
        const missing = new Map(manifest.map(({ seq, sha256 }) => [seq, sha256]));
        for await (const frame of this.frames.read(ownerId, revision)) {
          if (missing.get(frame.seq) !== frame.sha256) continue;
          missing.delete(frame.seq);
          count += 1;
          yield archivedFrame(frame);
        }
        const [seq] = missing.keys();
        if (seq === undefined) continue;
        throw new BackupError(
          `The frame ${frameId(ownerId, revision, seq)} of ${namedBy} is missing or different.`,
        );
      }
    };
    const figures = await writeHashed(framesPath(directory), archive.call(this));
    return { ...figures, count };
  }

  private async copyBlob({ sha256, namedBy }: NamedBlob, directory: string): Promise<void> {
    if ((await this.blobs.sizeOf(sha256)) === null) {
      throw new BackupError(`The file ${sha256} of ${namedBy} is missing.`);
    }
    const copied = await writeHashed(blobPath(directory, sha256), await this.blobs.open(sha256));
    if (copied.sha256 !== sha256) throw new BackupError(`The file ${sha256} of ${namedBy} is damaged.`);
  }
}

/** Under another name until it is whole. */
async function writeManifest(directory: string, manifest: BackupManifest): Promise<void> {
  const temporary = join(directory, 'manifest.json.part');
  await writeFile(temporary, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(temporary, manifestPath(directory));
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
