import { Injectable } from '@nestjs/common';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, JsonValue } from '../../columns/column.js';
import { columnNamed } from '../conditions.js';
import {
  EXPORT_DEADLINE_MILLISECONDS,
  type ExportedTable,
  fileForm,
  FrameExport,
} from '../export/frame-export.js';
import { DEADLINE_MILLISECONDS, FrameQuery, type ReadOptions } from '../frame-query.js';
import { jsonRows } from '../json-rows.js';
import { filteredRows } from '../questions/data-relation.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import type { VisibleSet } from '../visible-set.js';
import { linkKeys } from './link-key.js';
import { withRelations } from './with-relations.js';

/** One side of a link. */
export interface LinkSide {
  visible: VisibleSet;
  /** Name of the column that points, or that is pointed at. */
  column: string;
}

export interface LinkSides {
  from: LinkSide;
  to: LinkSide;
}

/** How well the rows of one table find those of another. */
export interface LinkCounts {
  /** Rows of the table that points. */
  rows: number;
  /** Of these, rows that point nowhere: their column is empty. */
  nulls: number;
  /** Rows that find a row. */
  matched: number;
  /** Rows that point at something which is not there. */
  orphans: number;
  /** Different values of orphans. */
  orphanValues: number;
  /** Values that several rows of the table pointed at have. */
  ambiguousValues: number;
}

/** A row that points at something which is not there. */
export interface Orphan {
  value: JsonValue;
  uploadId: string;
  /** Number of the row among those of its upload that were accepted, from 1. */
  rowNumber: number;
  row: Record<string, JsonValue>;
}

/** Compares two tables by the columns that link them. */
@Injectable()
export class FrameLinks {
  constructor(
    private readonly frames: FrameQuery,
    private readonly exports: FrameExport,
  ) {}

  /**
   * @throws Problem invalid_parameter for a column that is not there; unavailable for a caller, FrameStoreUnavailable
   * where it is `ownWork`
   */
  check(sides: LinkSides, options: ReadOptions = {}): Promise<LinkCounts> {
    const columns = columnsOf(sides);
    const count = (): Promise<LinkCounts> =>
      this.read(
        sides,
        columns,
        async (connection, { fromRows, toRows, keys }) => {
          const [row = []] = await select(connection, countsSql(fromRows, toRows, keys));
          const [rows = 0, nulls = 0, matched = 0, orphanValues = 0, ambiguousValues = 0] = row.map(Number);
          return { rows, nulls, matched, orphans: rows - nulls - matched, orphanValues, ambiguousValues };
        },
        options,
      );
    return options.ownWork === true ? count() : reachable(count);
  }

  /**
   * A page of the rows that point at something which is not there, in the order of uploads and rows, and how many there
   * are in all.
   * @throws as {@link check}
   */
  orphans(
    sides: LinkSides,
    { page, pageSize }: { page: number; pageSize: number },
  ): Promise<{ count: number; orphans: Orphan[] }> {
    const { columns, uploads } = sides.from.visible;
    const { from, to } = columnsOf(sides);
    const ids = new Map(uploads.map(({ ordinal, uploadId }) => [ordinal, uploadId]));
    const values = columns.map(({ physical }) => physical);
    return reachable(() =>
      this.read(
        sides,
        { from: columns, to: [to] },
        async (connection, tables) => {
          const orphans = orphansSql(tables);
          const [[count] = []] = await select(connection, `SELECT count(*) FROM ${orphans}`);
          const found = await select(
            connection,
            `SELECT ${['upload', 'n', ...values].join(', ')} FROM ${orphans}
              ORDER BY upload, n LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`,
          );
          const rows = jsonRows(
            columns,
            found.map((row) => row.slice(2)),
          );
          return {
            count: Number(count),
            orphans: rows.map((row, index) => ({
              value: row[from.name] ?? null,
              uploadId: ids.get(Number(found[index]?.[0])) ?? '',
              rowNumber: Number(found[index]?.[1]) + 1,
              row,
            })),
          };
        },
        {},
      ),
    );
  }

  /**
   * All of them as CSV with the columns of their table, ready to be mended and sent again.
   * @throws as {@link check}; the signal's reason
   */
  async exportOrphans(sides: LinkSides, raw: boolean, signal: AbortSignal): Promise<ExportedTable> {
    const { columns } = sides.from.visible;
    const { to } = columnsOf(sides);
    return this.exports.file(fileForm(columns, { format: 'csv', raw }), (copy) =>
      this.read(
        sides,
        { from: columns, to: [to] },
        (connection, tables) =>
          copy(connection, { sql: `(FROM ${orphansSql(tables)} ORDER BY upload, n)`, values: [] }),
        { signal, deadlineMilliseconds: EXPORT_DEADLINE_MILLISECONDS },
      ),
    );
  }

  private read<T>(
    { from, to }: LinkSides,
    columns: { from: Column | readonly Column[]; to: Column | readonly Column[] },
    work: (connection: DuckDBConnection, tables: LinkedRows) => Promise<T>,
    options: ReadOptions,
  ): Promise<T> {
    const keys = linkKeys(
      columnNamed(from.visible, from.column, 'fromColumn'),
      columnNamed(to.visible, to.column, 'toColumn'),
    );
    return withRelations(
      this.frames,
      [from.visible, to.visible],
      (connection, [fromRelation = '', toRelation = '']) =>
        work(connection, {
          fromRows: filteredRows(from.visible, fromRelation, [columns.from].flat(), []).sql,
          toRows: filteredRows(to.visible, toRelation, [columns.to].flat(), []).sql,
          keys,
        }),
      { deadlineMilliseconds: options.ownWork === true ? undefined : DEADLINE_MILLISECONDS, ...options },
    );
  }
}

/** SQL of both tables, with that of the values by which their rows belong together. */
interface LinkedRows {
  fromRows: string;
  toRows: string;
  keys: { from: string; to: string };
}

/** @throws Problem invalid_parameter */
const columnsOf = ({ from, to }: LinkSides): { from: Column; to: Column } => ({
  from: columnNamed(from.visible, from.column, 'fromColumn'),
  to: columnNamed(to.visible, to.column, 'toColumn'),
});

/** `rows, nulls, matched, orphanValues, ambiguousValues`; equal values are compared once. */
const countsSql = (fromRows: string, toRows: string, keys: LinkedRows['keys']): string => `
  WITH source AS (SELECT ${keys.from} AS k, count(*) AS times FROM ${fromRows} GROUP BY k),
       target AS (SELECT ${keys.to} AS k, count(*) AS times FROM ${toRows} GROUP BY k HAVING k IS NOT NULL)
  SELECT coalesce(sum(source.times), 0),
         coalesce(sum(source.times) FILTER (source.k IS NULL), 0),
         coalesce(sum(source.times) FILTER (target.k IS NOT NULL), 0),
         count(*) FILTER (source.k IS NOT NULL AND target.k IS NULL),
         (SELECT count(*) FROM target WHERE times > 1)
    FROM source LEFT JOIN target ON source.k = target.k`;

const orphansSql = ({ fromRows, toRows, keys }: LinkedRows): string => `(
  SELECT * FROM (SELECT *, ${keys.from} AS k FROM ${fromRows})
    ANTI JOIN (SELECT ${keys.to} AS k FROM ${toRows}) USING (k)
   WHERE k IS NOT NULL)`;
