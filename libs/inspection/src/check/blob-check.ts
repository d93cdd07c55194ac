import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { BlobStore } from '@app/storage';
import type { EntityManager } from 'typeorm';
import { isNamed, namedBlobs } from '../named/named-blobs.js';
import { type Difference, difference, type Finding } from './difference.js';

/** Rows that name files against the files that there are. */
@Injectable()
export class BlobCheck {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly blobs: BlobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async run(): Promise<Finding> {
    const { orphanGraceSeconds } = this.settings.operations;
    const named = await namedBlobs(this.manager, 0);
    const differences: Difference[] = [];
    for (const { sha256, sizeBytes, namedBy } of named) {
      const size = await this.blobs.sizeOf(sha256);
      if (size === null) differences.push(difference('blob_missing', sha256, `named by ${namedBy}`));
      else if (size !== sizeBytes) {
        const detail = `${size} bytes and not the ${sizeBytes} that ${namedBy} names`;
        differences.push(difference('blob_size', sha256, detail));
      }
    }
    const kept = new Set((await namedBlobs(this.manager, orphanGraceSeconds)).map(({ sha256 }) => sha256));
    const before = Date.now() - this.overdueMs();
    let stored = 0;
    for await (const { sha256, modifiedAt } of this.blobs.list()) {
      stored += 1;
      if (kept.has(sha256) || modifiedAt.getTime() > before) continue;
      if (await isNamed(this.manager, sha256, orphanGraceSeconds)) continue;
      differences.push(difference('blob_unused', sha256, `since before ${new Date(before).toISOString()}`));
    }
    return { compared: { namedBlobs: named.length, storedBlobs: stored }, differences };
  }

  /** The sweep has had its time for what is older. */
  private overdueMs(): number {
    const { orphanGraceSeconds, orphanSweepSeconds } = this.settings.operations;
    return (orphanGraceSeconds + 2 * orphanSweepSeconds) * 1000;
  }
}
