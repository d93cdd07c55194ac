import type { DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import type { VisibleUpload } from '../visible-set.js';
import { HiddenRows } from './hidden-rows.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** What is hidden of which upload, kept in memory: it is immutable and asked for with every question. */
export class HiddenRowsCache {
  private readonly kept: LRUCache<string, HiddenRows>;

  constructor(maxBytes = MAX_BYTES) {
    this.kept = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ sizeBytes }) => sizeBytes });
  }

  /** @returns undefined where readers see all rows of the upload */
  async of(
    connection: DuckDBConnection,
    { superseded, rowCount }: VisibleUpload,
    paths: readonly string[],
  ): Promise<HiddenRows | undefined> {
    if (superseded === undefined || paths.length === 0) return undefined;
    const key = `${superseded.ownerId}:${superseded.revision}:${superseded.ordinal}`;
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const hidden = await HiddenRows.read(connection, superseded, paths, rowCount);
    this.kept.set(key, hidden);
    return hidden;
  }
}
