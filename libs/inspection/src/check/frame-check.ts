import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { frameId, FrameRepository, type FrameTable } from '@app/frames';
import type { EntityManager } from 'typeorm';
import { type NamedTable, namedTables } from '../named/named-tables.js';
import { unusedFrames } from '../named/unused-frames.js';
import { type Difference, difference, type Finding } from './difference.js';

const BATCH_SIZE = 500;

/** Manifests in Postgres against the frames that MongoDB has: which there are, their rows and hashes. */
@Injectable()
export class FrameCheck {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly frames: FrameRepository,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws FrameStoreUnavailable */
  async run(): Promise<Finding> {
    const differences: Difference[] = [];
    let tables = 0;
    let named = 0;
    for await (const table of namedTables(this.manager)) {
      tables += 1;
      named += table.manifest.length;
      differences.push(...(await this.compare(table)));
    }
    const { stored, unused } = await this.unused();
    return {
      compared: { frameTables: tables, namedFrames: named, storedFrames: stored },
      differences: [...differences, ...unused],
    };
  }

  private async compare({ ownerId, revision, manifest, namedBy }: NamedTable): Promise<Difference[]> {
    const stored = await this.frames.describe(ownerId, revision);
    const bySeq = new Map(stored.map((frame) => [frame.seq, frame]));
    const seqs = new Set(manifest.map(({ seq }) => seq));
    const idOf = (seq: number): string => frameId(ownerId, revision, seq);
    return [
      ...manifest.flatMap((entry) => {
        const frame = bySeq.get(entry.seq);
        if (frame === undefined) return [difference('frame_missing', idOf(entry.seq), `named by ${namedBy}`)];
        const isSame =
          frame.sha256 === entry.sha256 && frame.rows === entry.rows && frame.firstRow === entry.firstRow;
        return isSame
          ? []
          : [difference('frame_differs', idOf(entry.seq), `not what the manifest of ${namedBy} says`)];
      }),
      ...stored
        .filter(({ seq }) => !seqs.has(seq))
        .map(({ seq }) => difference('frame_differs', idOf(seq), `not in the manifest of ${namedBy}`)),
    ];
  }

  /** What the sweep should have removed by now. */
  private async unused(): Promise<{ stored: number; unused: Difference[] }> {
    const { orphanGraceSeconds, orphanSweepSeconds } = this.settings.operations;
    const overdue = orphanGraceSeconds + 2 * orphanSweepSeconds;
    const unused: Difference[] = [];
    let stored = 0;
    const judge = async (tables: FrameTable[]): Promise<void> => {
      for (const table of await unusedFrames(this.manager, tables, overdue)) {
        const id = `${table.ownerId}:${table.revision}`;
        const detail = `${table.frames} frames: ${table.why}, since ${table.since.toISOString()}`;
        unused.push(difference('frames_unused', id, detail));
      }
    };
    let batch: FrameTable[] = [];
    for await (const table of this.frames.tables()) {
      stored += table.frames;
      batch.push(table);
      if (batch.length < BATCH_SIZE) continue;
      await judge(batch);
      batch = [];
    }
    await judge(batch);
    return { stored, unused };
  }
}
