import { Injectable } from '@nestjs/common';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { invalidParameter } from '@app/problems';
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
import { select } from './select.js';
import type { RowsQuery, VisibleSet, VisibleUpload } from './visible-set.js';

export interface ReadOptions extends QueryOptions {
  /** Work of the process itself: it does not wait behind callers' questions. */
  ownWork?: boolean | undefined;
}

/** Longest time that one question of a caller may take. */
export const DEADLINE_MILLISECONDS = 5000;
const ATTEMPTS = 2;

interface Part {
  upload: VisibleUpload;
  frames: readonly FrameManifestEntry[];
}

/** Questions over frames: those that are needed are fetched to local files, DuckDB reads them. */
@Injectable()
export class FrameQuery {
  constructor(
    private readonly engine: DuckEngine,
    private readonly repository: FrameRepository,
    private readonly cache: FrameCache,
  ) {}

  /**
   * One page of rows. Equal keys of an ordering stand in the order of uploads and rows, so pages are stable.
   * @throws Problem invalid_parameter for columns, filters or an ordering that make no sense; unavailable
   */
  async rows(
    visible: VisibleSet,
    query: RowsQuery,
    options: ReadOptions = {},
  ): Promise<{ count: number; rows: Record<string, JsonValue>[] }> {
    const columns = query.columns?.map((name) => columnNamed(visible, name, 'columns')) ?? visible.columns;
    const conditions = conditionsOf(visible, query.filters ?? []);
    const order = (query.ordering ?? []).map((term) => orderTerm(visible, term));
    const offset = (query.page - 1) * query.pageSize;
    const size = query.pageSize;
    const limits = { deadlineMilliseconds: DEADLINE_MILLISECONDS, ...options };
    return reachable(async () => {
      if (conditions.sql === '' && order.length === 0) {
        const parts = naturalPage(visible, offset, size);
        return { count: visible.rowCount, rows: await this.fetchRows(visible, columns, parts, limits) };
      }
      const { count, keys } = await this.findKeys(visible, conditions, order, { offset, size }, limits);
      const found = await this.fetchRows(visible, columns, framesOfRows(visible, keys), limits, keys);
      return { count, rows: found };
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
    return this.withParts(visible.columns, parts, work, options);
  }

  /** The keys of a page that is filtered or sorted, and how many rows there are in all. */
  private findKeys(
    visible: VisibleSet,
    { sql: where, values }: Conditions,
    order: string[],
    page: { offset: number; size: number },
    options: ReadOptions,
  ): Promise<{ count: number; keys: RowKey[] }> {
    return this.withRelation(
      visible,
      async (connection, relation) => {
        const count =
          where === ''
            ? visible.rowCount
            : Number((await select(connection, `SELECT count(*) FROM ${relation} ${where}`, values))[0]?.[0]);
        if (page.offset >= count) return { count, keys: [] };
        const keys = await select(
          connection,
          `SELECT upload, n FROM ${relation} ${where} ORDER BY ${[...order, 'upload', 'n'].join(', ')}
           LIMIT ${page.size} OFFSET ${page.offset}`,
          values,
        );
        return { count, keys: keys.map(([upload, n]) => ({ upload: Number(upload), n: Number(n) })) };
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
    given: readonly Part[],
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
    const run = (): Promise<T> =>
      this.cache.use(frames, (paths) => {
        let at = 0;
        const located = parts.map(({ upload, frames }) => ({
          upload,
          paths: upload.localPaths ?? paths.slice(at, (at += frames.length)),
          supersededPaths: paths.slice(at, (at += upload.superseded?.manifest.length ?? 0)),
        }));
        const read = (connection: DuckDBConnection): Promise<T> =>
          work(connection, relationOf(columns, located), located);
        return ownWork ? this.engine.connect(read, options) : this.engine.query(read, options);
      });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
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

interface RowKey {
  upload: number;
  n: number;
}

const isMissingFile = (error: unknown): boolean =>
  error instanceof Error &&
  /^IO Error: .*(?:No files found|No such file|Cannot open file)/.test(error.message);

function orderTerm(visible: VisibleSet, term: string): string {
  const exact = visible.columns.find(({ name }) => name === term);
  const descending = exact === undefined && term.startsWith('-');
  const column = exact ?? visible.columns.find(({ name }) => name === (descending ? term.slice(1) : term));
  if (column === undefined) throw invalidParameter('ordering', `there is no column "${term.slice(0, 64)}".`);
  return `${column.physical} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
}

function inOrder(rows: DuckDBValue[][], keys: readonly RowKey[]): DuckDBValue[][] {
  const byKey = new Map(rows.map((row) => [`${Number(row[0])}:${Number(row[1])}`, row]));
  return keys.flatMap(({ upload, n }) => {
    const row = byKey.get(`${upload}:${n}`);
    return row === undefined ? [] : [row];
  });
}
