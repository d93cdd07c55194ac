import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { SETTINGS, type Settings } from '@app/config';
import { Problem } from '@app/problems';
import { BlobStore, type ObjectPlace, type PlacedObject } from '@app/storage';
import type { TaskContext } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { isArchive, ObjectReader, type ReadObject, type ReadTable } from '../objects/object-reader.js';
import type { SourceEntity } from '../source.entity.js';
import type { SourceRunEntity } from '../source-run.entity.js';
import { combineBundle, combineTables } from './combine-tables.js';
import { refusalOf } from './refusal.js';
import { accept, listed, note, type Note, remember } from './run-journal.js';
import { fileOf, UploadOrder } from './upload-order.js';

/** Objects that are fetched side by side: from a bucket each of them takes a way there and back. */
const READ_AT_ONCE = 8;

/** Replace, mirror and bundles: what lies in the source together is what the dataset shall show, as one upload. */
@Injectable()
export class WholeState {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly reader: ObjectReader,
    private readonly order: UploadOrder,
    private readonly blobs: BlobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Everything or nothing: one object that cannot be read leaves the dataset as it is.
   * @throws Problem of that object
   */
  async take(
    context: TaskContext,
    source: SourceEntity,
    run: SourceRunEntity,
    place: ObjectPlace,
    { found, fresh }: { found: readonly PlacedObject[]; fresh: readonly PlacedObject[] },
  ): Promise<void> {
    const read: ReadObject[] = [];
    const made: ReadTable[] = [];
    try {
      const state = stateOf(found, fresh);
      for (let done = 0; done < state.length; done += READ_AT_ONCE) {
        context.signal.throwIfAborted();
        context.progress({ done, total: state.length, unit: 'objects', phase: 'taking' });
        const next = state.slice(done, done + READ_AT_ONCE);
        const outcomes = await Promise.allSettled(
          next.map((object) => this.readOne(context, run, place, object)),
        );
        read.push(...outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
        const refused = outcomes.find((outcome) => outcome.status === 'rejected');
        if (refused !== undefined) throw refused.reason as Error;
      }
      const table = await this.combined(source, read, made);
      await this.takeIn(context, source, run, table, { fresh, state, read });
    } finally {
      await this.reader.discard(read);
      for (const { staged } of made) await this.blobs.discard(staged);
    }
  }

  private async readOne(
    context: TaskContext,
    run: SourceRunEntity,
    place: ObjectPlace,
    object: PlacedObject,
  ): Promise<ReadObject> {
    try {
      return await this.reader.read(place, object);
    } catch (error) {
      const refusal = refusalOf(error);
      const { code: reason, detail: message } = refusal;
      await this.manager.transaction(async (manager) => {
        await context.hold(manager);
        await note(manager, run, [{ ...listed(object), outcome: 'skipped', reason, message }]);
      });
      throw new Problem(refusal.code, `${object.key}: ${message}`, { cause: error });
    }
  }

  private async combined(
    source: SourceEntity,
    read: readonly ReadObject[],
    made: ReadTable[],
  ): Promise<ReadTable> {
    const tables = read.flatMap((object) => object.tables);
    const [first] = tables;
    if (first === undefined) throw new Problem('unprocessable', 'There is no CSV file in the source.');
    if (source.bundle === null && tables.length === 1) return first;
    const { files } = this.settings;
    const text =
      source.bundle === null ? combineTables(tables, files) : combineBundle(read, source.bundle, files);
    const content = Readable.from(text).map((piece: string) => Buffer.from(piece));
    const staged = await this.blobs.stage(content, { maxBytes: files.maxUploadBytes });
    const table = { name: `${source.name}.csv`, staged, preflight: await this.reader.examine(staged) };
    made.push(table);
    return table;
  }

  private async takeIn(
    context: TaskContext,
    source: SourceEntity,
    run: SourceRunEntity,
    table: ReadTable,
    objects: { fresh: readonly PlacedObject[]; state: readonly PlacedObject[]; read: readonly ReadObject[] },
  ): Promise<void> {
    const { fresh, state, read } = objects;
    const images = new Map(read.map((each) => [each.object.key, each.images.length]));
    const dealt = [...new Set([...fresh, ...state])];
    try {
      await this.order.takeIn(
        source,
        [fileOf(source, table)],
        (manager) => context.hold(manager),
        async (manager, uploads) => {
          await remember(manager, run, dealt);
          const uploadIds = await accept(manager, run, uploads);
          const taken = (object: PlacedObject): Note => ({
            ...listed(object),
            outcome: 'taken',
            images: images.get(object.key) ?? 0,
            uploadIds,
          });
          await note(manager, run, fresh.map(taken));
        },
      );
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'duplicate') throw error;
      // The data is as it was, though files are not.
      await this.manager.transaction(async (manager) => {
        await context.hold(manager);
        await remember(manager, run, dealt);
        const message = 'With it the data is as it was uploaded already.';
        const skipped = { outcome: 'skipped', reason: error.code, message } as const;
        await note(
          manager,
          run,
          fresh.map((object) => ({ ...listed(object), ...skipped })),
        );
      });
    }
  }
}

/**
 * An archive is a state of its own, so that of archives only new ones count; other files count as long as they are there.
 */
export const stateOf = (
  found: readonly PlacedObject[],
  fresh: readonly PlacedObject[],
): readonly PlacedObject[] => (fresh.length > 0 && found.every(({ key }) => isArchive(key)) ? fresh : found);
