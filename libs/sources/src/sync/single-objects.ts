import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { UploadEntity } from '@app/datasets';
import { Problem } from '@app/problems';
import type { ObjectPlace, PlacedObject } from '@app/storage';
import type { TaskContext } from '@app/tasks';
import { type EntityManager, In } from 'typeorm';
import { ObjectReader, type ReadTable } from '../objects/object-reader.js';
import type { SourceEntity } from '../source.entity.js';
import type { SourceRunEntity } from '../source-run.entity.js';
import { isPassing, refusalOf } from './refusal.js';
import { accept, listed, note, remember } from './run-journal.js';
import { fileOf, UploadOrder } from './upload-order.js';

/** Append and upsert: every object that is new or changed becomes uploads of its own. */
@Injectable()
export class SingleObjects {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly reader: ObjectReader,
    private readonly order: UploadOrder,
  ) {}

  /** One object after the other: what is wrong with one keeps none of the others. */
  async take(
    context: TaskContext,
    source: SourceEntity,
    run: SourceRunEntity,
    place: ObjectPlace,
    fresh: readonly PlacedObject[],
  ): Promise<void> {
    for (const [done, object] of fresh.entries()) {
      context.signal.throwIfAborted();
      context.progress({ done, total: fresh.length, unit: 'objects', phase: 'taking' });
      try {
        await this.takeOne(context, source, run, place, object);
      } catch (error) {
        await this.refuse(context, run, object, refusalOf(error));
      }
    }
  }

  private async takeOne(
    context: TaskContext,
    source: SourceEntity,
    run: SourceRunEntity,
    place: ObjectPlace,
    object: PlacedObject,
  ): Promise<void> {
    const read = await this.reader.read(place, object);
    try {
      const files = (await this.unknown(source.customerId, read.tables)).map((table) =>
        fileOf(source, table),
      );
      await this.order.takeIn(
        source,
        files,
        (manager) => context.hold(manager),
        async (manager, uploads) => {
          await remember(manager, run, [object]);
          const uploadIds = await accept(manager, run, uploads);
          const images = read.images.length;
          await note(manager, run, [{ ...listed(object), outcome: 'taken', images, uploadIds }]);
        },
      );
    } finally {
      await this.reader.discard([read]);
    }
  }

  /** Of a file with several tables only some may be known. @throws Problem duplicate where all are */
  private async unknown(customerId: string, tables: readonly ReadTable[]): Promise<ReadTable[]> {
    const live = await this.manager.find(UploadEntity, {
      select: { id: true, sha256: true, datasetId: true },
      where: { customerId, sha256: In(tables.map(({ staged }) => staged.sha256)), isLive: true },
    });
    const seen = new Set(live.map(({ sha256 }) => sha256));
    const unknown = tables.filter(({ staged: { sha256 } }) => !seen.has(sha256) && seen.add(sha256));
    if (unknown.length > 0 || tables.length === 0) return unknown;
    throw new Problem('duplicate', 'The same bytes were uploaded already.', {
      extensions: { uploadId: live[0]?.id },
    });
  }

  private async refuse(
    context: TaskContext,
    run: SourceRunEntity,
    object: PlacedObject,
    refusal: Problem,
  ): Promise<void> {
    await this.manager.transaction(async (manager) => {
      await context.hold(manager);
      if (!isPassing(refusal)) await remember(manager, run, [object]);
      const { code: reason, detail: message } = refusal;
      await note(manager, run, [{ ...listed(object), outcome: 'skipped', reason, message }]);
    });
  }
}
