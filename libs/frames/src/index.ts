import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, JsonValue } from './columns/column.js';
import type { IngestRequest, IngestResult } from './ingest/request.js';
import type { FrameManifestEntry } from './model/manifest.js';
import type { RowsQuery, VisibleSet } from './query/visible-set.js';

export * from './columns/column.js';
export * from './columns/evidence.js';
export * from './csv/dialect.js';
export * from './csv/preflight/preflight.js';
export * from './ingest/request.js';
export * from './model/manifest.js';
export * from './query/visible-set.js';
export type { DuckDBConnection } from '@duckdb/node-api';

export declare abstract class FrameIngest {
  /** @throws Problem for what repeating would not mend; any other error may be tried again. */
  abstract ingest(request: IngestRequest): Promise<IngestResult>;
}

/** Answer of {@link FrameWriter.write}: enough to read the frames again. */
export interface WrittenTable {
  columns: Column[];
  rowCount: number;
  manifest: FrameManifestEntry[];
}

export declare abstract class FrameWriter {
  /**
   * Stores what `sql` selects as frames of `ownerId`, in its order. The select gives one column a name, in that order.
   */
  abstract write(
    connection: DuckDBConnection,
    table: { ownerId: string; revision: number; sql: string; names: string[]; workDirectory: string },
  ): Promise<WrittenTable>;
}

export declare abstract class FrameRepository {
  /** Removes all frames of one revision of an owner. */
  abstract removeRevision(ownerId: string, revision: number): Promise<number>;
}

export interface ReadOptions {
  signal?: AbortSignal;
}

export declare abstract class FrameQuery {
  abstract rows(
    visible: VisibleSet,
    query: RowsQuery,
    options?: ReadOptions,
  ): Promise<{ count: number; rows: Record<string, JsonValue>[] }>;
  /**
   * `relation` is SQL for a FROM clause with the visible columns as `c0…cN` (their `physical`), `upload` (ordinal) and `n` (row number).
   */
  abstract withRelation<T>(
    visible: VisibleSet,
    work: (connection: DuckDBConnection, relation: string) => Promise<T>,
    options?: ReadOptions,
  ): Promise<T>;
}

/** One Float64Array (over a SharedArrayBuffer) a selected column; NaN for null. Select DOUBLEs only. */
export declare function extractDoubles(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
): Promise<Float64Array[]>;

/** A visible set of one written table, such as a report's members. */
export declare function visibleTable(
  table: WrittenTable & { ownerId: string; revision: number; timezone?: string },
): VisibleSet;

/** SQL identifier of text; for text that cannot be bound. Columns are named by `physical` instead. */
export declare function quoteIdentifier(name: string): string;

/** Nest module; provides FrameIngest, FrameWriter, FrameRepository, FrameQuery and DuckEngine. */
export declare class FramesModule {
  static forRoot(options: {
    memoryLimitMegabytes: number;
    threads?: number;
  }): import('@nestjs/common').DynamicModule;
}
