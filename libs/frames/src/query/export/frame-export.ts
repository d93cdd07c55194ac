import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { DuckDBConnection } from '@duckdb/node-api';
import { SETTINGS, type Settings } from '@app/config';
import { Problem } from '@app/problems';
import type { Column } from '../../columns/column.js';
import { dictionaryLimit } from '../../engine/dictionary-limit.js';
import { DuckEngine } from '../../engine/duck-engine.js';
import { QueryGate } from '../../engine/query-gate.js';
import { assertPlainPath, quoteLiteral } from '../../engine/sql.js';
import { columnNamed, type Conditions } from '../conditions.js';
import { FrameQuery } from '../frame-query.js';
import { filteredRows } from '../questions/data-relation.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import type { RowFilter, VisibleSet } from '../visible-set.js';
import { csvCell, csvHeader, jsonRow, parquetColumns } from './export-columns.js';
import { ExportStream, type Framing } from './export-stream.js';
import { piecesOf } from './pieces.js';

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportQuery {
  format: ExportFormat;
  /** Names; all columns without it. */
  columns?: string[];
  filters?: RowFilter[];
  /** Leaves texts in CSV as they are, though a spreadsheet may take them for formulas. */
  raw: boolean;
}

export interface ExportedTable {
  rowCount: number;
  /** Undefined where the content is made while it is read. */
  sizeBytes?: number;
  /** Read it or destroy it: it is the last hold on its files. */
  content: Readable;
}

/** One export, or piece of one, at a time is written, so that other questions always find a place at the engine. */
const GATE = { running: 1, waiting: 20, waitMilliseconds: 30_000 };
export const EXPORT_DEADLINE_MILLISECONDS = 600_000;
const CHUNK_BYTES = 256 * 1024;

/** How rows become a file. */
export interface FileForm {
  /** SQL of what is selected of each row. */
  selected: string;
  /** Of DuckDB's COPY. */
  options: string;
  /** What a file without rows keeps: DuckDB ends the header, and then the rows that are not there. */
  emptyBytes?: number;
}

/** Writes rows, in the order in which the SQL has them. @returns their number */
export type Copy = (connection: DuckDBConnection, rows: Conditions) => Promise<number>;

/** Writes rows into files, in the order of uploads and rows. */
@Injectable()
export class FrameExport {
  private readonly gate = new QueryGate(GATE);
  /** Exports that are being read; each may wait for one piece at the gate. */
  private readonly maxOpen: number;
  private open = 0;

  constructor(
    private readonly engine: DuckEngine,
    private readonly frames: FrameQuery,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.maxOpen = settings.engine.exportsOpen;
  }

  /**
   * All rows that match. Where the format allows it they are written piece by piece while they are read, so that neither
   * memory nor disk grow with them. Parquet has its directory at the end and is written as a whole before.
   * @throws Problem invalid_parameter for columns or filters that make no sense; as {@link file}
   */
  async write(visible: VisibleSet, query: ExportQuery, signal: AbortSignal): Promise<ExportedTable> {
    const columns = query.columns?.map((name) => columnNamed(visible, name, 'columns')) ?? visible.columns;
    const { format } = query;
    if (format !== 'parquet') return this.stream(visible, columns, { ...query, format }, signal);
    return this.file(fileForm(columns, query), (copy) =>
      this.frames.withRelation(
        visible,
        (connection, relation) => {
          const { sql, values } = filteredRows(visible, relation, columns, query.filters ?? []);
          const rows = keepsOrder(query) ? sql : `(SELECT * FROM ${sql} ORDER BY upload, n)`;
          return copy(connection, { sql: rows, values });
        },
        { signal, deadlineMilliseconds: EXPORT_DEADLINE_MILLISECONDS },
      ),
    );
  }

  private async stream(
    visible: VisibleSet,
    columns: readonly Column[],
    query: StreamedQuery,
    signal: AbortSignal,
  ): Promise<ExportedTable> {
    if (this.open >= this.maxOpen) {
      throw new Problem('unavailable', 'Too many exports are running. Please try again.', {
        retryAfterSeconds: GATE.waitMilliseconds / 1000,
      });
    }
    this.open += 1;
    try {
      const table = await this.pieces(visible, columns, query, signal);
      table.content.once('close', () => (this.open -= 1));
      return table;
    } catch (error) {
      this.open -= 1;
      throw error;
    }
  }

  private async pieces(
    visible: VisibleSet,
    columns: readonly Column[],
    query: StreamedQuery,
    signal: AbortSignal,
  ): Promise<ExportedTable> {
    const rowCount = await this.frames.count(visible, query.filters ?? [], { signal });
    const pieces = rowCount === 0 ? [] : piecesOf(visible);
    const { selected } = fileForm(columns, query);
    const { options, framing } = piecesForm(columns, query);
    const content = await ExportStream.open(this.engine.scratchDirectory(), {
      pieces: pieces.length,
      rowCount,
      framing,
      write: (index, path, leaving) => {
        const write = (): Promise<number> =>
          this.frames.withFrames(
            visible,
            pieces[index] ?? [],
            (connection, relation) => {
              const { sql, values } = filteredRows(visible, relation, columns, query.filters ?? []);
              const rows = keepsOrder(query) ? sql : `(SELECT * FROM ${sql} ORDER BY upload, n)`;
              return copyTo(connection, path, { selected, options }, { sql: rows, values });
            },
            {
              signal: AbortSignal.any([signal, leaving]),
              deadlineMilliseconds: EXPORT_DEADLINE_MILLISECONDS,
              // What has begun to be sent must not be refused because others ask much.
              ownWork: index > 0,
            },
          );
        return this.gate.run(() => reachable(write));
      },
    });
    return { rowCount, content };
  }

  /**
   * The engine writes a temporary file as fast as it can, then readers may be slow. The file has no name any more
   * when this returns: it is gone with its last reader, however that ends.
   * @param work hands the rows to write to `copy`, once
   * @throws Problem unavailable; the reason of a signal that `work` heeds
   */
  async file(form: FileForm, work: (copy: Copy) => Promise<number>): Promise<ExportedTable> {
    const directory = this.engine.scratchDirectory();
    try {
      const path = assertPlainPath(join(directory, 'export'));
      const copy: Copy = (connection, rows) => copyTo(connection, path, form, rows);
      const rowCount = await this.gate.run(() => reachable(() => work(copy)));
      const file = await open(path, 'r+');
      if (rowCount === 0 && form.emptyBytes !== undefined) await file.truncate(form.emptyBytes);
      const { size: sizeBytes } = await file.stat();
      return { rowCount, sizeBytes, content: file.createReadStream({ highWaterMark: CHUNK_BYTES }) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** @returns the number of rows written */
async function copyTo(
  connection: DuckDBConnection,
  path: string,
  { selected, options }: FileForm,
  { sql, values }: Conditions,
): Promise<number> {
  const statement = `COPY (SELECT ${selected} FROM ${sql}) TO ${quoteLiteral(path)} (${options})`;
  const [[written] = []] = await select(connection, statement, values);
  return Number(written);
}

/**
 * DuckDB scans, filters and projects in the order of the files, with memory that does not grow. Filters with lists become
 * joins, which keep no order: then the rows are sorted, on disk where they are many.
 */
const keepsOrder = ({ filters = [] }: ExportQuery): boolean =>
  filters.every(({ operator }) => operator !== 'in');

/** One text a line as it stands: JSON holds neither line ends nor the delimiter. */
const LINES = String.raw`FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01'`;

/** How lines of JSON become a file. */
export const jsonOptions = (format: 'json' | 'ndjson'): string =>
  format === 'json' ? String.raw`${LINES}, PREFIX '[', SUFFIX E']\n', NEW_LINE E',\n'` : LINES;

/** A file of rows that have these columns as answers show them. */
export function fileForm(
  columns: readonly Column[],
  { format, raw }: Pick<ExportQuery, 'format' | 'raw'>,
): FileForm {
  switch (format) {
    case 'csv': {
      const header = csvHeader(
        columns.map(({ name }) => name),
        !raw,
      );
      return {
        selected: columns.map((column) => csvCell(column, !raw)).join(', '),
        options: String.raw`FORMAT csv, HEADER false, NEW_LINE E'\r\n', PREFIX ${quoteLiteral(header)}, SUFFIX E'\r\n'`,
        emptyBytes: Buffer.byteLength(header),
      };
    }
    case 'json':
    case 'ndjson':
      return { selected: jsonRow(columns), options: jsonOptions(format) };
    case 'parquet':
      return {
        selected: parquetColumns(columns),
        options: `FORMAT parquet, COMPRESSION zstd, ${dictionaryLimit(columns.length)}`,
      };
  }
}

/** An export that is written piece by piece, each row with what separates it from the next. */
type StreamedQuery = ExportQuery & { format: Exclude<ExportFormat, 'parquet'> };

function piecesForm(
  columns: readonly Column[],
  { format, raw }: StreamedQuery,
): { options: string; framing: Framing } {
  if (format === 'csv') {
    const head = csvHeader(
      columns.map(({ name }) => name),
      !raw,
    );
    return {
      options: String.raw`FORMAT csv, HEADER false, NEW_LINE E'\r\n'`,
      framing: { head, separator: '', tail: '' },
    };
  }
  if (format === 'ndjson') return { options: LINES, framing: { head: '', separator: '', tail: '' } };
  return {
    options: String.raw`${LINES}, NEW_LINE E',\n'`,
    framing: { head: '[', separator: ',\n', tail: ']\n' },
  };
}
