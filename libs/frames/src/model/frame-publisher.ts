import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { failpoint } from '@app/failpoints';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '../columns/column.js';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { dictionaryLimit } from '../engine/dictionary-limit.js';
import { DuckEngine } from '../engine/duck-engine.js';
import { quoteLiteral } from '../engine/sql.js';
import type { PlannedFrame } from '../csv/scan/frame-plan.js';
import { type ColumnExtremes, mergeExtremes, shownExtreme } from './column-extremes.js';
import { describeFrame } from './describe-frame.js';
import { FrameCache, sha256Of } from './frame-cache.js';
import { frameId, FrameRepository } from './frame.repository.js';
import type { FrameManifestEntry } from './manifest.js';

/** MongoDB takes documents up to 16 MB. */
const MAX_FRAME_BYTES = 12 * 1024 * 1024;
/** The encodings of version 2 make files as small as zstd makes those of version 1, in two thirds of the time. */
const PARQUET = 'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, WRITE_BLOOM_FILTER false';
/** Frames that are made at the same time: while one is stored, the others are computed. */
const LANES = 3;

const NOTHING: ColumnExtremes = { nulls: 0, min: null, max: null };

/** A column before its values are known. */
export type ColumnDefinition = Omit<Column, 'nulls' | 'min' | 'max'>;

/** A table in DuckDB that is to be stored. */
export interface TableToStore {
  /** Where it stands, if not in the engine of the process. */
  engine?: DuckEngine;
  ownerId: string;
  revision: number;
  columns: readonly ColumnDefinition[];
  /** Rows of the planned frames; a frame without rows is left out. */
  frames: readonly PlannedFrame[];
  /** Select of `n` and all columns of one frame in order; `firstRow` is the number of its first row. */
  select: (frame: PlannedFrame, firstRow: number) => string;
  /** Rows that stand before each frame, where they are not the records before it. */
  firstRows?: readonly number[] | undefined;
  signal?: AbortSignal | undefined;
  onRows?: ((done: number) => void) | undefined;
}

/** Enough to read stored frames again. */
export interface WrittenTable {
  columns: Column[];
  rowCount: number;
  manifest: FrameManifestEntry[];
}

/** A written table with its frames as local files, in the order of the manifest. */
export interface LocalTable extends WrittenTable {
  paths: string[];
}

interface LocalFrame {
  entry: FrameManifestEntry;
  path: string;
}

interface MadeFrame extends LocalFrame {
  extremes: ColumnExtremes[];
  data: Buffer;
}

interface MadeFrames {
  /** In order. */
  frames: LocalFrame[];
  /** Of each column, over all frames. */
  extremes: readonly ColumnExtremes[];
}

/** Makes Parquet frames of tables and stores them; answers only when they stand in MongoDB as described. */
@Injectable()
export class FramePublisher {
  constructor(
    private readonly engine: DuckEngine,
    private readonly repository: FrameRepository,
    private readonly cache: FrameCache,
  ) {}

  /**
   * Stores a table, several frames at a time. The files stay in the local cache.
   * @param directory where DuckDB may write
   * @throws FrameStoreUnavailable, FrameMismatch
   */
  async store(table: TableToStore, directory: string): Promise<WrittenTable> {
    const made = await this.make(table, directory, (frame) => this.insert(table, frame));
    const manifest = made.frames.map(({ entry }) => entry);
    // The barrier before anything is published: what MongoDB has is what the manifest says.
    await this.repository.verify(table.ownerId, table.revision, manifest);
    failpoint('frames.verified');
    await Promise.all(made.frames.map(({ entry, path }) => this.cache.adopt(path, entry.sha256)));
    return writtenTable(table, made);
  }

  /** Makes a table's frames as files in `directory`, of which nothing is stored. */
  async write(table: TableToStore, directory: string): Promise<LocalTable> {
    const made = await this.make(table, directory);
    return { ...writtenTable(table, made), paths: made.frames.map(({ path }) => path) };
  }

  /** Several frames at a time: while `keep` stores one, the others are computed. */
  private async make(
    table: TableToStore,
    directory: string,
    keep?: (frame: MadeFrame) => Promise<void>,
  ): Promise<MadeFrames> {
    const firstRows = table.firstRows ?? table.frames.map(({ first }) => first);
    const made: LocalFrame[] = [];
    let extremes = table.columns.map(() => NOTHING);
    let next = 0;
    let done = 0;
    const lane = (): Promise<void> =>
      (table.engine ?? this.engine).connect(
        async (connection) => {
          for (let at = next++; at < table.frames.length; at = next++) {
            const firstRow = firstRows[at] ?? 0;
            const sql = table.select(table.frames[at] as PlannedFrame, firstRow);
            const frame = await makeFrame(connection, table, directory, { seq: at, firstRow, sql });
            // Parquet of no rows is left out.
            if (frame === undefined) continue;
            await keep?.(frame);
            const { entry, path } = frame;
            made.push({ entry, path });
            extremes = extremes.map((known, index) => mergeExtremes(known, frame.extremes[index] ?? NOTHING));
            done += entry.rows;
            table.onRows?.(done);
          }
        },
        { signal: table.signal },
      );
    const lanes = await Promise.allSettled(
      Array.from({ length: lanesFor(table) }, () =>
        lane().catch((error: unknown) => {
          next = table.frames.length;
          throw error;
        }),
      ),
    );
    for (const result of lanes) if (result.status === 'rejected') throw result.reason;
    return { frames: made.sort((left, right) => left.entry.seq - right.entry.seq), extremes };
  }

  private insert(table: TableToStore, { entry, extremes, data }: MadeFrame): Promise<void> {
    const { seq, firstRow, rows, sha256 } = entry;
    return this.repository.insert({
      _id: frameId(table.ownerId, table.revision, seq),
      uploadId: table.ownerId,
      revision: table.revision,
      seq,
      firstRow,
      rows,
      columns: table.columns.map(({ name, physical, type }, index) => ({
        name,
        physical,
        type,
        ...shown(extremes[index] as ColumnExtremes),
      })),
      codec: 'parquet/snappy',
      sha256,
      data,
    });
  }
}

/** @returns undefined where the frame has no rows */
async function makeFrame(
  connection: DuckDBConnection,
  table: TableToStore,
  directory: string,
  { seq, firstRow, sql }: { seq: number; firstRow: number; sql: string },
): Promise<MadeFrame | undefined> {
  const path = join(directory, `frame-${seq}.parquet`);
  const options = [PARQUET, dictionaryLimit(table.columns.length)];
  // Made to keep the order, DuckDB 1.5.5 gathers all rows of the frame beside those it writes.
  if (table.engine?.hasOneThread === true) options.push('PRESERVE_ORDER false');
  await connection.run(`COPY (${sql}) TO ${quoteLiteral(path)} (${options.join(', ')})`);
  const data = await readFile(path);
  if (data.length > MAX_FRAME_BYTES) {
    throw new Error(`Frame ${seq} has ${data.length} bytes, more than a document may have.`);
  }
  const { rows, columns } = await describeFrame(connection, path, table.columns);
  if (rows === 0) return undefined;
  const entry = { seq, firstRow, rows, bytes: data.length, sha256: sha256Of(data) };
  return { entry, extremes: columns, path, data };
}

const writtenTable = (table: TableToStore, { frames, extremes }: MadeFrames): WrittenTable => ({
  columns: table.columns.map((column, index) => ({ ...column, ...shown(extremes[index] ?? NOTHING) })),
  rowCount: frames.reduce((sum, { entry }) => sum + entry.rows, 0),
  manifest: frames.map(({ entry }) => entry),
});

const lanesFor = ({ columns, frames }: TableToStore): number =>
  columns.length > MANY_COLUMNS ? 1 : Math.min(LANES, frames.length);

const shown = ({ nulls, min, max }: ColumnExtremes): Pick<Column, 'nulls' | 'min' | 'max'> => ({
  nulls,
  min: shownExtreme(min),
  max: shownExtreme(max),
});
