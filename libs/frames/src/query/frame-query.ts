import { Injectable } from '@nestjs/common';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, JsonValue } from '../columns/column.js';
import { DuckEngine, type QueryOptions } from '../engine/duck-engine.js';
import { FrameCache } from '../model/frame-cache.js';
import { FrameRepository } from '../model/frame.repository.js';
import type { FrameManifestEntry } from '../model/manifest.js';
import { columnNamed, type Conditions, conditionsOf } from './conditions.js';
import { jsonRows, selectForJson } from './json-rows.js';
import { framesOfRows, naturalPage, type UploadRows, wantedRows } from './page.js';
import { reachable } from './reachable.js';
import { type LocatedUpload, relationOf } from './relation.js';
import { HiddenRowsCache } from './rows/hidden-rows-cache.js';
import { blocksOfPage, framesOfBlocks, matchingBlocks, withinBlocks } from './rows/row-blocks.js';
import { OrderIndexes } from './rows/order-indexes.js';
import { inOrder, type OrderTerm, orderTerm, type RowKey, sortedRows } from './rows/sorted-rows.js';
import { select } from './select.js';
import type { RowFilter, RowsQuery, VisibleSet, VisibleUpload } from './visible-set.js';

export interface ReadOptions extends QueryOptions {
  /** Work of the process itself: it does not wait behind callers' questions. */
  ownWork?: boolean | undefined;
}

/** Longest time that one question of a caller may take. */
export const DEADLINE_MILLISECONDS = 5000;
const ATTEMPTS = 2;

/** Some frames of one upload. */
export interface FramesOfUpload {
  upload: VisibleUpload;
  frames: readonly FrameManifestEntry[];
}

/** Questions over frames: those that are needed are fetched to local files, DuckDB reads them. */
@Injectable()
export class FrameQuery {
  private readonly hidden = new HiddenRowsCache();
  private readonly orders = new OrderIndexes();

  constructor(
    private readonly engine: DuckEngine,
    private readonly repository: FrameRepository,
    private readonly cache: FrameCache,
  ) {}

  /**
   * One page of rows. Equal keys of an ordering stand in the order of uploads and rows, so pages are stable.
   * @throws Problem invalid_parameter for columns, filters or an ordering that make no sense; unavailable
   */
  async rows(visible: VisibleSet, query: RowsQuery, options: ReadOptions = {}): Promise<PageOfRows> {
    const columns = query.columns?.map((name) => columnNamed(visible, name, 'columns')) ?? visible.columns;
    const conditions = conditionsOf(visible, query.filters ?? []);
    const [first, ...others] = (query.ordering ?? []).map((term) => orderTerm(visible, term));
    const page = { offset: (query.page - 1) * query.pageSize, size: query.pageSize };
    const limits = { deadlineMilliseconds: DEADLINE_MILLISECONDS, ...options };
    return reachable(async () => {
      if (first !== undefined) {
        return this.sortedPage(visible, columns, conditions, [first, ...others], page, limits);
      }
      if (conditions.sql !== '') return this.filteredPage(visible, columns, conditions, page, limits);
      const parts = naturalPage(visible, page.offset, page.size);
      return { count: visible.rowCount, rows: await this.fetchRows(visible, columns, parts, limits) };
    });
  }

  /**
   * Runs `work` with a connection and SQL for a FROM clause: the visible columns as `c0…cN` (their `physical`),
   * `upload` (ordinal) and `n` (row number). The frames stay on disk until it ends.
   * @throws FrameStoreUnavailable, and whatever `work` throws
   */
  withRelation<T>(
    visible: VisibleSet,
    work: (connection: DuckDBConnection, relation: string) => Promise<T>,
    options: ReadOptions = {},
  ): Promise<T> {
    const parts = visible.uploads.map((upload) => ({ upload, frames: upload.manifest }));
    return this.withFrames(visible, parts, work, options);
  }

  /** As {@link withRelation}, over some frames of the set alone. */
  withFrames<T>(
    { columns }: VisibleSet,
    parts: readonly FramesOfUpload[],
    work: (connection: DuckDBConnection, relation: string) => Promise<T>,
    options: ReadOptions = {},
  ): Promise<T> {
    return this.withParts(columns, parts, work, options);
  }

  /**
   * How many rows match.
   * @throws Problem invalid_parameter for filters that make no sense; unavailable
   */
  async count(
    visible: VisibleSet,
    filters: readonly RowFilter[],
    options: ReadOptions = {},
  ): Promise<number> {
    const { sql: where, values } = conditionsOf(visible, filters);
    if (where === '') return visible.rowCount;
    const limits = { deadlineMilliseconds: DEADLINE_MILLISECONDS, ...options };
    return reachable(() =>
      this.withRelation(
        visible,
        async (connection, relation) => {
          const [[count] = []] = await select(
            connection,
            `SELECT count(*) FROM ${relation} ${where}`,
            values,
          );
          return Number(count);
        },
        limits,
      ),
    );
  }

  private async sortedPage(
    visible: VisibleSet,
    columns: readonly Column[],
    conditions: Conditions,
    order: readonly [OrderTerm, ...OrderTerm[]],
    page: Page,
    options: ReadOptions,
  ): Promise<PageOfRows> {
    const values = columns.map((column) => selectForJson(column, visible.timezone));
    return this.withRelation(
      visible,
      async (connection, relation) => {
        const count = await countRows(connection, visible, relation, conditions);
        if (page.offset >= count) return { count, rows: [] };
        const asked = { where: conditions, term: order[0], offset: page.offset, count };
        const index = await this.orders.of(connection, relation, visible, asked);
        const { keys, shown } = await sortedRows(
          connection,
          relation,
          conditions,
          order,
          { ...page, count },
          { shown: values, index },
        );
        if (shown !== undefined) return { count, rows: jsonRows(columns, shown) };
        const parts = framesOfRows(visible, keys);
        return { count, rows: await this.fetchRows(visible, columns, parts, options, keys) };
      },
      options,
    );
  }

  /** Counts where rows match, then reads only there. */
  private async filteredPage(
    visible: VisibleSet,
    columns: readonly Column[],
    conditions: Conditions,
    { offset, size }: Page,
    options: ReadOptions,
  ): Promise<PageOfRows> {
    const values = columns.map((column) => selectForJson(column, visible.timezone));
    return this.withRelation(
      visible,
      async (whole, all) => {
        const found = await matchingBlocks(whole, all, conditions);
        const count = found.reduce((sum, { matches }) => sum + matches, 0);
        const { blocks, skipped } = blocksOfPage(found, offset, size);
        if (blocks.length === 0) return { count, rows: [] };
        const rows = await this.withFrames(
          visible,
          framesOfBlocks(visible, blocks),
          (connection, relation) =>
            select(
              connection,
              `SELECT ${values.join(', ')} FROM (
                 SELECT * FROM ${relation} ${conditions.sql} AND ${withinBlocks(blocks)}
                  ORDER BY upload, n LIMIT ${size} OFFSET ${offset - skipped}) ORDER BY upload, n`,
              conditions.values,
            ),
          options,
        );
        return { count, rows: jsonRows(columns, rows) };
      },
      options,
    );
  }

  /** Reads rows by their numbers, from the frames that hold them; in the order of `keys` where given. */
  private async fetchRows(
    visible: VisibleSet,
    columns: readonly Column[],
    parts: UploadRows[],
    options: ReadOptions,
    keys?: readonly RowKey[],
  ): Promise<Record<string, JsonValue>[]> {
    if (parts.length === 0) return [];
    const values = columns.map((column) => selectForJson(column, visible.timezone));
    const rows = await this.withParts(
      columns,
      parts,
      (connection, relation, located) => {
        const wanted = located.map((each, index) => wantedRows(parts[index] as UploadRows, each));
        return select(
          connection,
          `SELECT ${['upload', 'n', ...values].join(', ')} FROM ${relation} WHERE ${wanted.join(' OR ')} ORDER BY upload, n`,
        );
      },
      options,
    );
    const ordered = keys === undefined ? rows : inOrder(rows, keys);
    return jsonRows(
      columns,
      ordered.map((row) => row.slice(2)),
    );
  }

  private async withParts<T>(
    columns: readonly Column[],
    given: readonly FramesOfUpload[],
    work: (connection: DuckDBConnection, relation: string, parts: readonly LocatedUpload[]) => Promise<T>,
    { ownWork = false, ...options }: ReadOptions,
  ): Promise<T> {
    const parts = given.filter(({ frames }) => frames.length > 0);
    const frames = parts.flatMap(({ upload, frames }) => [
      ...(upload.localPaths === undefined
        ? this.sources({ ...upload, ownerId: upload.uploadId }, frames)
        : []),
      ...(upload.superseded === undefined ? [] : this.sources(upload.superseded, upload.superseded.manifest)),
    ]);
    const rows = parts.reduce((sum, { frames }) => frames.reduce((of, frame) => of + frame.rows, sum), 0);
    const size = { columns: columns.length, rows };
    const run = (): Promise<T> =>
      this.cache.use(frames, (paths) => {
        let at = 0;
        const located = parts.map(({ upload, frames }) => ({
          upload,
          paths: upload.localPaths ?? paths.slice(at, (at += frames.length)),
          supersededPaths: paths.slice(at, (at += upload.superseded?.manifest.length ?? 0)),
        }));
        const read = async (connection: DuckDBConnection): Promise<T> => {
          const parts: LocatedUpload[] = [];
          for (const { upload, paths, supersededPaths } of located) {
            parts.push({ upload, paths, hidden: await this.hidden.of(connection, upload, supersededPaths) });
          }
          return work(connection, relationOf(columns, parts), parts);
        };
        return ownWork ? this.engine.connect(read, options) : this.engine.query(read, options);
      });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.engine.forTable(size, run);
      } catch (error) {
        // Another process may have removed a file between our look and DuckDB's.
        if (attempt === ATTEMPTS || !isMissingFile(error)) throw error;
        this.cache.forget(frames.map(({ sha256 }) => sha256));
      }
    }
  }

  private sources(
    { ownerId, revision }: { ownerId: string; revision: number },
    frames: readonly FrameManifestEntry[],
  ): { sha256: string; load: () => Promise<Buffer> }[] {
    return frames.map(({ seq, sha256 }) => ({
      sha256,
      load: () => this.repository.data(ownerId, revision, seq),
    }));
  }
}

interface Page {
  offset: number;
  size: number;
}

interface PageOfRows {
  count: number;
  rows: Record<string, JsonValue>[];
}

async function countRows(
  connection: DuckDBConnection,
  { rowCount }: VisibleSet,
  relation: string,
  { sql: where, values }: Conditions,
): Promise<number> {
  if (where === '') return rowCount;
  const [[count] = []] = await select(connection, `SELECT count(*) FROM ${relation} ${where}`, values);
  return Number(count);
}

const isMissingFile = (error: unknown): boolean =>
  error instanceof Error &&
  /^IO Error: .*(?:No files found|No such file|Cannot open file)/.test(error.message);
