import { Inject, Injectable } from '@nestjs/common';
import { failpoint } from '@app/failpoints';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection, type Model, mongo, MongooseError } from 'mongoose';
import { FRAME_STORE, type FrameStoreOptions } from './frame-store.js';
import { type Frame, frameModel } from './frame.schema.js';
import type { FrameManifestEntry } from './manifest.js';

const DUPLICATE_KEY = 11_000;

/** MongoDB cannot be reached now; the same call may work later. */
export class FrameStoreUnavailable extends Error {
  override readonly name = 'FrameStoreUnavailable';
}

/** A stored frame is not what its manifest says. */
export class FrameMismatch extends Error {
  override readonly name = 'FrameMismatch';
}

/** The frames of one owner and revision. */
export interface FrameTable {
  ownerId: string;
  revision: number;
  frames: number;
}

const FRAME_ID = /^([0-9a-f-]{36}):(\d{1,9}):\d+$/;

export const frameId = (ownerId: string, revision: number, seq: number): string =>
  `${ownerId}:${revision}:${seq}`;

/** The frames in MongoDB: inserted, read, removed, never changed. */
@Injectable()
export class FrameRepository {
  private readonly frames: Model<Frame>;
  private opening: Promise<void> | undefined;
  private indexed = false;
  /** Once connected, the driver reconnects by itself; a first connection that failed is ours to repeat. */
  private connected = false;

  constructor(
    @Inject(getConnectionToken()) private readonly connection: Connection,
    @Inject(FRAME_STORE) private readonly store: FrameStoreOptions,
  ) {
    this.frames = frameModel(connection);
  }

  /**
   * Inserts a frame. One that is there already with the same bytes counts as inserted.
   * @throws FrameMismatch where other bytes stand under its id, FrameStoreUnavailable
   */
  async insert(frame: Frame): Promise<void> {
    const { _id: id, sha256 } = frame;
    await this.reach(async () => {
      await this.ensureIndexes();
      try {
        await this.frames.insertMany([frame], { lean: true });
        failpoint('frame.stored');
      } catch (error) {
        if (!(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
        const stored = await this.frames.findById(id, { sha256: 1 }).lean();
        if (stored?.sha256 !== sha256) {
          throw new FrameMismatch(`Frame ${id} exists with other content.`);
        }
      }
    });
  }

  /**
   * Reads back what stands under a revision and compares it with its manifest: nothing is published before.
   * @throws FrameMismatch, FrameStoreUnavailable
   */
  async verify(ownerId: string, revision: number, manifest: readonly FrameManifestEntry[]): Promise<void> {
    const stored = await this.describe(ownerId, revision);
    const complete =
      stored.length === manifest.length &&
      manifest.every((entry, index) => {
        const frame = stored[index];
        return (
          frame?.seq === entry.seq &&
          frame.firstRow === entry.firstRow &&
          frame.rows === entry.rows &&
          frame.sha256 === entry.sha256
        );
      });
    if (!complete) {
      throw new FrameMismatch(
        `Frames ${ownerId}:${revision}: ${stored.length} stored, ${manifest.length} in the manifest, or different.`,
      );
    }
  }

  /** @throws FrameMismatch where there is no such frame, FrameStoreUnavailable */
  async data(ownerId: string, revision: number, seq: number): Promise<Buffer> {
    const id = frameId(ownerId, revision, seq);
    const frame = await this.reach(() =>
      this.frames.findById(id, { data: 1 }).lean<{ data: mongo.Binary | Buffer }>(),
    );
    if (frame === null) throw new FrameMismatch(`Frame ${id} is missing.`);
    return bytesOf(frame.data);
  }

  /**
   * Every owner and revision that has frames, from the index of ids alone.
   * @throws FrameStoreUnavailable
   */
  async *tables(): AsyncGenerator<FrameTable> {
    await this.reach(() => Promise.resolve());
    let table: FrameTable | undefined;
    const ids = this.frames.find({}, { _id: 1 }).sort({ _id: 1 }).hint({ _id: 1 }).lean().cursor();
    // Ids of one revision stand together, as what comes before their last colon is equal.
    for await (const { _id: id } of outages(ids)) {
      const [, ownerId, revision] = FRAME_ID.exec(id) ?? [];
      if (ownerId === undefined) continue;
      if (table?.ownerId === ownerId && table.revision === Number(revision)) table.frames += 1;
      else {
        if (table !== undefined) yield table;
        table = { ownerId, revision: Number(revision), frames: 1 };
      }
    }
    if (table !== undefined) yield table;
  }

  /** What stands under a revision, without the data, in order. @throws FrameStoreUnavailable */
  async describe(ownerId: string, revision: number): Promise<Omit<FrameManifestEntry, 'bytes'>[]> {
    return this.reach(() =>
      this.frames
        .find({ uploadId: ownerId, revision }, { seq: 1, firstRow: 1, rows: 1, sha256: 1 })
        .sort({ seq: 1 })
        .lean(),
    );
  }

  /** The whole frames of a revision, one after the other. @throws FrameStoreUnavailable */
  async *read(ownerId: string, revision: number): AsyncGenerator<Frame> {
    await this.reach(() => Promise.resolve());
    const frames = this.frames.find({ uploadId: ownerId, revision }).sort({ seq: 1 }).lean().cursor();
    for await (const { data, ...frame } of outages(frames)) yield { ...frame, data: bytesOf(data) };
  }

  /**
   * Removes all frames of one revision.
   * @returns how many there were
   * @throws FrameStoreUnavailable
   */
  async removeRevision(ownerId: string, revision: number): Promise<number> {
    const { deletedCount } = await this.reach(() => this.frames.deleteMany({ uploadId: ownerId, revision }));
    return deletedCount;
  }

  /** How many frames there are, and how many bytes they take. @throws FrameStoreUnavailable */
  async stored(): Promise<{ count: number; bytes: number }> {
    const [stats] = await this.reach(() =>
      this.frames.aggregate<{ count: number; bytes: number }>([
        { $collStats: { storageStats: {} } },
        { $project: { count: '$storageStats.count', bytes: '$storageStats.storageSize' } },
      ]),
    );
    return { count: stats?.count ?? 0, bytes: stats?.bytes ?? 0 };
  }

  /** Answers once MongoDB does. For readiness checks. */
  async ping(): Promise<void> {
    await this.reach(() => this.connection.db?.admin().ping() ?? Promise.resolve({}));
  }

  private async ensureIndexes(): Promise<void> {
    if (this.indexed) return;
    await this.frames.createIndexes();
    this.indexed = true;
  }

  private async reach<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.connect();
      return await work();
    } catch (error) {
      if (isOutage(error)) {
        throw new FrameStoreUnavailable('MongoDB cannot be reached.', { cause: error });
      }
      throw error;
    }
  }

  private async connect(): Promise<void> {
    if (this.connected) return;
    this.opening ??= this.open();
    try {
      await this.opening;
    } finally {
      this.opening = undefined;
    }
  }

  private async open(): Promise<void> {
    try {
      await this.connection.asPromise();
    } catch {
      await this.connection.openUri(this.store.uri, this.store.options);
    }
    this.connected = true;
  }
}

const bytesOf = (data: mongo.Binary | Buffer): Buffer =>
  Buffer.isBuffer(data) ? data : Buffer.from(data.buffer);

/** The documents of a cursor. @throws FrameStoreUnavailable where MongoDB goes away meanwhile */
async function* outages<Document>(cursor: AsyncIterable<Document>): AsyncGenerator<Document> {
  try {
    yield* cursor;
  } catch (error) {
    if (!isOutage(error)) throw error;
    throw new FrameStoreUnavailable('MongoDB cannot be reached.', { cause: error });
  }
}

/** Errors of Mongoose itself that say "not connected"; its others are about documents and filters. */
const MONGOOSE_OUTAGES = new Set(['MongooseError', 'MongooseServerSelectionError']);

const isOutage = (error: unknown): boolean =>
  error instanceof mongo.MongoNetworkError ||
  error instanceof mongo.MongoServerSelectionError ||
  error instanceof mongo.MongoNotConnectedError ||
  error instanceof mongo.MongoTopologyClosedError ||
  (error instanceof MongooseError && MONGOOSE_OUTAGES.has(error.name));
