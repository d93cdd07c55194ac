import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { frameId, FrameRepository } from '@app/frames';
import { BlobStore } from '@app/storage';
import type { EntityManager } from 'typeorm';
import { type Difference, difference } from '../check/difference.js';
import { namedBlobs } from '../named/named-blobs.js';
import { type NamedTable, namedTables } from '../named/named-tables.js';

export interface ScrubReport {
  clean: boolean;
  seconds: number;
  blobs: number;
  frames: number;
  bytes: number;
  differences: Difference[];
}

/** Reads every byte that is in use and compares its hash with the one that was kept when it was written. */
@Injectable()
export class Scrubber {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly blobs: BlobStore,
    private readonly frames: FrameRepository,
  ) {}

  /** @throws FrameStoreUnavailable */
  async run(): Promise<ScrubReport> {
    const began = Date.now();
    const report = { blobs: 0, frames: 0, bytes: 0, differences: [] as Difference[] };
    for (const { sha256, namedBy } of await namedBlobs(this.manager, 0)) {
      if ((await this.blobs.sizeOf(sha256)) === null) {
        report.differences.push(difference('blob_missing', sha256, `named by ${namedBy}`));
        continue;
      }
      const hash = createHash('sha256');
      await pipeline(await this.blobs.open(sha256), async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) {
          hash.update(piece);
          report.bytes += piece.length;
        }
      });
      report.blobs += 1;
      if (hash.digest('hex') !== sha256) {
        report.differences.push(difference('blob_damaged', sha256, `named by ${namedBy}`));
      }
    }
    for await (const table of namedTables(this.manager)) await this.scrubTable(table, report);
    const { differences } = report;
    return { ...report, clean: differences.length === 0, seconds: (Date.now() - began) / 1000 };
  }

  private async scrubTable(
    { ownerId, revision, manifest, namedBy }: NamedTable,
    report: Pick<ScrubReport, 'frames' | 'bytes' | 'differences'>,
  ): Promise<void> {
    const expected = new Map(manifest.map(({ seq, sha256 }) => [seq, sha256]));
    for await (const { seq, data } of this.frames.read(ownerId, revision)) {
      report.frames += 1;
      report.bytes += data.length;
      const sha256 = expected.get(seq);
      expected.delete(seq);
      if (createHash('sha256').update(data).digest('hex') !== sha256) {
        const id = frameId(ownerId, revision, seq);
        report.differences.push(difference('frame_damaged', id, `named by ${namedBy}`));
      }
    }
    for (const seq of expected.keys()) {
      const id = frameId(ownerId, revision, seq);
      report.differences.push(difference('frame_missing', id, `named by ${namedBy}`));
    }
  }
}
