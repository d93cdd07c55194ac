import { Injectable } from '@nestjs/common';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, PhysicalName } from '../../columns/column.js';
import { extremesOf, shownExtreme } from '../../model/column-extremes.js';
import { FrameWriter } from '../../model/frame-writer.js';
import { FrameQuery, type ReadOptions } from '../frame-query.js';
import { withTable } from '../questions/data-relation.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import type { VisibleUpload } from '../visible-set.js';
import { changesSql, type RowChanges } from './changes-sql.js';
import { type KeyedUpload, supersededSql } from './superseded-sql.js';

/** An upload with what it supersedes others by. */
export interface FoldedUpload extends VisibleUpload {
  /** Names of the key's columns; empty but for upsert and mirror. */
  keyColumns: readonly string[];
  /** Whether some of its own rows have the same key: the last of them counts. */
  repeatsKeys: boolean;
}

/** Uploads in ordinal order, without those that a later replace or mirror hides, with their columns united. */
export interface FoldedTable {
  uploads: readonly FoldedUpload[];
  columns: readonly Column[];
}

export interface SettledTable {
  uploads: VisibleUpload[];
  columns: Column[];
  rowCount: number;
}

/** Only immutable frames are looked at here, so nothing depends on a clock or on another version. */
const ZONE = 'UTC';
const REVISION = 1;

/** Finds which rows of uploads take the place of others by their keys. Frames themselves are never rewritten. */
@Injectable()
export class FrameFold {
  constructor(
    private readonly frames: FrameQuery,
    private readonly writer: FrameWriter,
  ) {}

  /**
   * What readers see of a folded table: superseded rows are stored as frames of `ownerId`, counts and extremes are
   * those of the rows that are left.
   * @throws Problem unavailable, for a caller; FrameStoreUnavailable, where it is `ownWork`
   */
  async settle(ownerId: string, table: FoldedTable, options: ReadOptions): Promise<SettledTable> {
    const uploads = table.uploads.map(visibleOf);
    const rowCount = uploads.reduce((sum, upload) => sum + upload.rowCount, 0);
    const untouched = { uploads, columns: [...table.columns], rowCount };
    if (supersededSql('', keyed(table)) === undefined) return untouched;
    return this.read(table, options, (connection, relation) =>
      withSuperseded(connection, relation, keyed(table), async (gone) => {
        const counted = await select(connection, `SELECT upload, count(*) FROM ${gone} GROUP BY upload`);
        if (counted.length === 0) return untouched;
        const { manifest } = await this.writer.write(connection, {
          ownerId,
          revision: REVISION,
          sql: `SELECT upload, n FROM ${gone} ORDER BY upload, n`,
          names: ['upload', 'n'],
          signal: options.signal,
        });
        const rows = new Map(counted.map(([upload, count]) => [Number(upload), Number(count)]));
        const settled = uploads.map((upload): VisibleUpload => {
          const { ordinal } = upload;
          const hidden = rows.get(ordinal);
          if (hidden === undefined) return upload;
          return {
            ...upload,
            superseded: { ownerId, revision: REVISION, ordinal, rowCount: hidden, manifest },
          };
        });
        return {
          uploads: settled,
          columns: await columnsOf(connection, left(relation, gone), table.columns),
          rowCount: rowCount - [...rows.values()].reduce((sum, count) => sum + count, 0),
        };
      }),
    );
  }

  /** How many rows readers see. @throws as {@link settle} */
  async count(table: FoldedTable, options: ReadOptions): Promise<number> {
    const rows = table.uploads.reduce((sum, { rowCount }) => sum + rowCount, 0);
    if (supersededSql('', keyed(table)) === undefined) return rows;
    return this.read(table, options, async (connection, relation) =>
      withSuperseded(connection, relation, keyed(table), async (gone) => {
        const [[superseded] = []] = await select(connection, `SELECT count(*) FROM ${gone}`);
        return rows - Number(superseded);
      }),
    );
  }

  /**
   * What the last upload of the table does to the rows of those before it, by its key; `removed` are the keys that it
   * lacks.
   * @param table without the uploads that an earlier replace or mirror hides
   * @throws as {@link settle}
   */
  async changes(table: FoldedTable, options: ReadOptions): Promise<RowChanges> {
    const uploads = keyed(table);
    const last = uploads.at(-1);
    if (last === undefined) throw new RangeError('There is no upload.');
    const { keys, ordinal } = last;
    return this.read(table, options, async (connection, relation) => {
      const earlier = uploads.slice(0, -1);
      const own = uploads.slice(-1);
      return withSuperseded(connection, relation, earlier, (goneBefore) =>
        withSuperseded(connection, relation, own, async (goneWithin) => {
          const prior = rowsOf(left(relation, goneBefore), `< ${ordinal}`);
          const columns = table.columns.map(({ physical }) => physical);
          const sql = changesSql(prior, rowsOf(left(relation, goneWithin), `= ${ordinal}`), keys, columns);
          const [counts = []] = await select(connection, sql);
          const [created = 0, updated = 0, unchanged = 0, removed = 0] = counts.map(Number);
          return { created, updated, unchanged, removed };
        }),
      );
    });
  }

  private read<T>(
    { uploads, columns }: FoldedTable,
    options: ReadOptions,
    work: (connection: DuckDBConnection, relation: string) => Promise<T>,
  ): Promise<T> {
    const visible = {
      id: '',
      timezone: ZONE,
      columns: [...columns],
      rowCount: 0,
      uploads: uploads.map(visibleOf),
    };
    const run = (): Promise<T> => this.frames.withRelation(visible, work, options);
    return options.ownWork === true ? run() : reachable(run);
  }
}

/** Without what only the fold needs, and as if nothing were superseded. */
function visibleOf(upload: FoldedUpload): VisibleUpload {
  const { keyColumns: _keys, repeatsKeys: _repeats, superseded: _superseded, ...visible } = upload;
  return visible;
}

function keyed({ uploads, columns }: FoldedTable): KeyedUpload[] {
  const physical = new Map(columns.map((column) => [column.name, column.physical]));
  return uploads.map(({ ordinal, mode, keyColumns, repeatsKeys }) => ({
    ordinal,
    mode,
    keys: keyColumns.map((name): PhysicalName => {
      const column = physical.get(name);
      if (column === undefined) throw new RangeError(`The key column ${JSON.stringify(name)} is missing.`);
      return column;
    }),
    repeatsKeys,
  }));
}

const left = (relation: string, gone: string): string =>
  `(SELECT * FROM ${relation} ANTI JOIN ${gone} USING (upload, n))`;

const rowsOf = (relation: string, ordinals: string): string =>
  `(SELECT * FROM ${relation} WHERE upload ${ordinals})`;

/** Runs `work` with the name of a table of superseded rows. */
function withSuperseded<T>(
  connection: DuckDBConnection,
  relation: string,
  uploads: readonly KeyedUpload[],
  work: (gone: string) => Promise<T>,
): Promise<T> {
  const sql = supersededSql(relation, uploads) ?? '(SELECT 0::INTEGER AS upload, 0::BIGINT AS n WHERE false)';
  return withTable(connection, { sql, values: [] }, work);
}

async function columnsOf(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly Column[],
): Promise<Column[]> {
  const { columns: extremes } = await extremesOf(connection, relation, columns);
  return columns.map((column, index) => {
    const { nulls = 0, min = null, max = null } = extremes[index] ?? {};
    return { ...column, nulls, min: shownExtreme(min), max: shownExtreme(max) };
  });
}
