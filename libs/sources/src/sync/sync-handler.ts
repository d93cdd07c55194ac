import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { hidesEarlier, UploadEntity } from '@app/datasets';
import { Problem } from '@app/problems';
import { type ObjectPlace, type PlacedObject, Places } from '@app/storage';
import {
  PermanentError,
  type TaskContext,
  type TaskEntity,
  type TaskError,
  type TaskHandler,
  TaskHandlers,
} from '@app/tasks';
import { Any, type EntityManager, In, IsNull } from 'typeorm';
import { compareObjects, type Difference } from '../objects/compare-objects.js';
import { matcherOf } from '../objects/matcher.js';
import { isArchive, isImage, isJunk } from '../objects/object-reader.js';
import { RunItemEntity } from '../objects/run-item.entity.js';
import { SourceObjectEntity } from '../objects/source-object.entity.js';
import { SourceEntity } from '../source.entity.js';
import { type RunCounts, SourceRunEntity } from '../source-run.entity.js';
import { OUTPUT_NAME, OutputFile } from './output-file.js';
import { note, type Note } from './run-journal.js';
import { SingleObjects } from './single-objects.js';
import { WholeState } from './whole-state.js';

const LOOK_AGAIN_MS = 250;
const NOW = (): string => 'now()';
const FIRST_START = (): string => 'COALESCE(started_at, now())';

/** Pulls one source: deals once with every object that is new or changed, and waits until what it took can be seen. */
@Injectable()
export class SyncHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'sync';

  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly handlers: TaskHandlers,
    private readonly places: Places,
    private readonly single: SingleObjects,
    private readonly whole: WholeState,
    private readonly output: OutputFile,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async started(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(
      SourceRunEntity,
      { taskId: task.id },
      { status: 'running', error: null, startedAt: FIRST_START },
    );
  }

  async requeued(manager: EntityManager, task: TaskEntity): Promise<void> {
    await manager.update(SourceRunEntity, { taskId: task.id }, { status: 'queued', finishedAt: null });
  }

  async ended(
    manager: EntityManager,
    task: TaskEntity,
    status: 'failed' | 'cancelled',
    { code, message }: TaskError,
  ): Promise<void> {
    await manager.update(
      SourceRunEntity,
      { taskId: task.id },
      { status, error: { code, message }, finishedAt: NOW },
    );
  }

  async run(context: TaskContext): Promise<void> {
    const run = await this.manager.findOneByOrFail(SourceRunEntity, { taskId: context.task.id });
    const source = await this.manager.findOneBy(SourceEntity, { id: run.sourceId, deletedAt: IsNull() });
    if (source === null) throw new Problem('not_found', 'The source was removed.');
    const place = this.places.open(source.customerId, source);
    const found = await this.list(source, place, context.signal);
    const known = await this.manager.findBy(SourceObjectEntity, { sourceId: source.id });
    const difference = compareObjects(found, known);
    if (takesWhole(source)) {
      await this.takeState(context, source, run, place, found, difference);
    } else {
      await this.single.take(context, source, run, place, difference.fresh);
    }
    const failure = await this.read(context, source, run);
    const counts = await this.close(context, run, found, difference);
    if (failure !== null) throw failure;
    const output = await this.output.write(source, context.signal);
    await context.publish(async (manager) => {
      await manager.update(SourceRunEntity, { id: run.id }, { status: 'succeeded', output, finishedAt: NOW });
      return { sourceId: source.id, runId: run.id, datasetId: source.datasetId, ...counts, output };
    });
  }

  private async list(source: SourceEntity, place: ObjectPlace, signal: AbortSignal): Promise<PlacedObject[]> {
    const matches = matcherOf(source.pattern);
    const output = source.publishTo === null ? null : OUTPUT_NAME;
    const found: PlacedObject[] = [];
    for await (const object of place.list()) {
      signal.throwIfAborted();
      const { key } = object;
      // Only a bundle knows what to do with an image that is in no archive.
      const isWanted = !isJunk(key) && key !== output && (source.bundle !== null || !isImage(key));
      if (isWanted && matches(key)) found.push(object);
    }
    return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** A state in which files are gone is another state, but nothing at all is none. */
  private async takeState(
    context: TaskContext,
    source: SourceEntity,
    run: SourceRunEntity,
    place: ObjectPlace,
    found: readonly PlacedObject[],
    { fresh, gone }: Difference<SourceObjectEntity>,
  ): Promise<void> {
    // An archive that is gone after it was taken has done its work.
    const isOther = fresh.length > 0 || (gone.length > 0 && !found.every(({ key }) => isArchive(key)));
    if (found.length === 0 || !isOther) return;
    await this.whole.take(context, source, run, place, { found, fresh });
  }

  /**
   * Waits until the uploads of the run are read.
   * @returns why the run is to fail: it took nothing of what there was, or not the state as a whole
   */
  private async read(
    context: TaskContext,
    source: SourceEntity,
    run: SourceRunEntity,
  ): Promise<PermanentError | null> {
    const { uploadIds: ids } = await this.manager.findOneByOrFail(SourceRunEntity, { id: run.id });
    await this.wait(context, ids);
    const failed = await this.manager.find(UploadEntity, {
      select: { id: true, error: true, status: true },
      where: { id: Any(ids), status: In(['failed', 'cancelled']) },
    });
    const items = await this.manager.findBy(RunItemEntity, { runId: run.id, outcome: 'taken' });
    const faults = new Map(failed.map((upload) => [upload.id, errorOf(upload)]));
    const spoiled = ({ key, etag, sizeBytes, images, uploadIds }: RunItemEntity): Note[] => {
      const fault = uploadIds.map((id) => faults.get(id)).find((each) => each !== undefined);
      if (fault === undefined) return [];
      const why = { outcome: 'skipped', reason: fault.code, message: fault.message } as const;
      return [{ key, etag, sizeBytes, images, uploadIds, ...why }];
    };
    await this.manager.transaction(async (manager) => {
      await context.hold(manager);
      await note(manager, run, items.flatMap(spoiled));
      // A state that was not taken is still to come.
      if (failed.length > 0 && takesWhole(source)) {
        await manager.delete(SourceObjectEntity, { sourceId: source.id, runId: run.id });
      }
    });
    const [first] = failed;
    if (takesWhole(source) && first !== undefined) {
      const { code, message } = errorOf(first);
      return new PermanentError(code, message);
    }
    const skipped = await this.manager.find(RunItemEntity, {
      where: { runId: run.id, outcome: 'skipped' },
      order: { key: 'ASC' },
    });
    const reason = skipped.find(({ reason: code }) => code !== 'duplicate' && code !== 'conflict');
    const taken = await this.manager.countBy(RunItemEntity, { runId: run.id, outcome: 'taken' });
    return reason === undefined || taken > 0
      ? null
      : new PermanentError(reason.reason ?? 'unprocessable', `${reason.key}: ${reason.message ?? ''}`);
  }

  private async wait(context: TaskContext, ids: readonly string[]): Promise<void> {
    const isOpen = { id: Any(ids), status: In(['queued', 'processing']) };
    for (;;) {
      const open = ids.length === 0 ? 0 : await this.manager.countBy(UploadEntity, isOpen);
      context.progress({ done: ids.length - open, total: ids.length, unit: 'files', phase: 'reading' });
      if (open === 0) return;
      await pause(LOOK_AGAIN_MS, undefined, { signal: context.signal });
    }
  }

  /** Writes down what is gone, and the counts. */
  private async close(
    context: TaskContext,
    run: SourceRunEntity,
    found: readonly PlacedObject[],
    { unchanged, gone }: Difference<SourceObjectEntity>,
  ): Promise<RunCounts> {
    return this.manager.transaction(async (manager) => {
      await context.hold(manager);
      const keys = gone.map(({ key }) => key);
      await note(
        manager,
        run,
        keys.map((key) => ({ key, outcome: 'removed' })),
      );
      await manager.delete(SourceObjectEntity, { sourceId: run.sourceId, key: Any(keys) });
      const items = await manager.find(RunItemEntity, {
        select: { outcome: true, images: true },
        where: { runId: run.id },
      });
      const count = (outcome: string): number => items.filter((item) => item.outcome === outcome).length;
      const counts: RunCounts = {
        found: found.length,
        taken: count('taken'),
        // An attempt of this run that was cut off has dealt with some already.
        unchanged: unchanged.filter(({ runId }) => runId !== run.id).length,
        skipped: count('skipped'),
        removed: count('removed'),
        images: items.reduce((sum, { images }) => sum + images, 0),
      };
      await manager.update(SourceRunEntity, { id: run.id }, { counts });
      return counts;
    });
  }
}

const errorOf = ({ status, error }: Pick<UploadEntity, 'status' | 'error'>): TaskError =>
  error ?? { code: status, message: `The upload was ${status}.` };

/** Whether what lies in a source together is one state of its dataset. */
const takesWhole = ({ bundle, mode }: SourceEntity): boolean => bundle !== null || hidesEarlier(mode);
