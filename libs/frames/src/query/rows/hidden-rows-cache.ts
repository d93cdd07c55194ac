import type { DuckDBConnection } from '@duckdb/node-api';
import type { VisibleUpload } from '../visible-set.js';
import { HiddenRows } from './hidden-rows.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** What is hidden of which upload, kept in memory: it is immutable and asked for with every question. */
export class HiddenRowsCache {
  /** The least recently used first. */
  private readonly kept = new Map<string, HiddenRows>();
  private sizeBytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** @returns undefined where readers see all rows of the upload */
  async of(
    connection: DuckDBConnection,
    { superseded, rowCount }: VisibleUpload,
    paths: readonly string[],
  ): Promise<HiddenRows | undefined> {
    if (superseded === undefined || paths.length === 0) return undefined;
    const key = `${superseded.ownerId}:${superseded.revision}:${superseded.ordinal}`;
    const hidden = this.kept.get(key) ?? (await HiddenRows.read(connection, superseded, paths, rowCount));
    this.keep(key, hidden);
    return hidden;
  }

  private keep(key: string, hidden: HiddenRows): void {
    if (!this.kept.delete(key)) this.sizeBytes += hidden.sizeBytes;
    this.kept.set(key, hidden);
    for (const [oldest, { sizeBytes }] of this.kept) {
      if (this.sizeBytes <= this.maxBytes || this.kept.size === 1) break;
      this.kept.delete(oldest);
      this.sizeBytes -= sizeBytes;
    }
  }
}
