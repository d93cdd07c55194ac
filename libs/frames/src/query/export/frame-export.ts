import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Column } from '../../columns/column.js';
import { DuckEngine } from '../../engine/duck-engine.js';
import { QueryGate } from '../../engine/query-gate.js';
import { assertPlainPath, quoteLiteral } from '../../engine/sql.js';
import { columnNamed } from '../conditions.js';
import { FrameQuery } from '../frame-query.js';
import { filteredRows } from '../questions/data-relation.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import type { RowFilter, VisibleSet } from '../visible-set.js';
import { csvCell, csvHeader, jsonRow, parquetColumns } from './export-columns.js';

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
  sizeBytes: number;
  /** Read it or destroy it: it is the last hold on the file. */
  content: Readable;
}

/** One export at a time is written, so that other questions always find a place at the engine. */
const GATE = { running: 1, waiting: 20, waitMilliseconds: 30_000 };
const DEADLINE_MILLISECONDS = 600_000;
const CHUNK_BYTES = 256 * 1024;

/** Writes rows into files, in the order of uploads and rows. */
@Injectable()
export class FrameExport {
  private readonly gate = new QueryGate(GATE);

  constructor(
    private readonly engine: DuckEngine,
    private readonly frames: FrameQuery,
  ) {}

  /**
   * The engine writes a temporary file as fast as it can, then readers may be slow. The file has no name any more
   * when this returns: it is gone with its last reader, however that ends.
   * @throws Problem invalid_parameter for columns or filters that make no sense; unavailable; the signal's reason
   */
  async write(visible: VisibleSet, query: ExportQuery, signal: AbortSignal): Promise<ExportedTable> {
    const columns = query.columns?.map((name) => columnNamed(visible, name, 'columns')) ?? visible.columns;
    const directory = this.engine.scratchDirectory();
    try {
      const path = assertPlainPath(join(directory, 'export'));
      const rowCount = await this.gate.run(() => this.copy(visible, columns, query, path, signal));
      const file = await open(path, 'r+');
      // Of a table without rows DuckDB ends the header, and then the rows that are not there.
      if (rowCount === 0 && query.format === 'csv') {
        await file.truncate(Buffer.byteLength(headerOf(columns, query)));
      }
      const { size: sizeBytes } = await file.stat();
      return { rowCount, sizeBytes, content: file.createReadStream({ highWaterMark: CHUNK_BYTES }) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private copy(
    visible: VisibleSet,
    columns: readonly Column[],
    query: ExportQuery,
    path: string,
    signal: AbortSignal,
  ): Promise<number> {
    const { selected, options } = formatted(columns, query);
    return reachable(() =>
      this.frames.withRelation(
        visible,
        async (connection, relation) => {
          const { sql, values } = filteredRows(visible, relation, columns, query.filters ?? []);
          const rows = keepsOrder(visible, query) ? sql : `(SELECT * FROM ${sql} ORDER BY upload, n)`;
          const copy = `COPY (SELECT ${selected} FROM ${rows}) TO ${quoteLiteral(path)} (${options})`;
          const [[written] = []] = await select(connection, copy, values);
          return Number(written);
        },
        { signal, deadlineMilliseconds: DEADLINE_MILLISECONDS },
      ),
    );
  }
}

/**
 * DuckDB scans, filters and projects in the order of the files, with memory that does not grow. Superseded rows and
 * filters with lists become joins, which keep no order: then the rows are sorted, on disk where they are many.
 */
const keepsOrder = ({ uploads }: VisibleSet, { filters = [] }: ExportQuery): boolean =>
  uploads.every(({ superseded }) => superseded === undefined) &&
  filters.every(({ operator }) => operator !== 'in');

const headerOf = (columns: readonly Column[], { raw }: Pick<ExportQuery, 'raw'>): string =>
  csvHeader(
    columns.map(({ name }) => name),
    !raw,
  );

/** One text a line as it stands: JSON holds neither line ends nor the delimiter. */
const LINES = String.raw`FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01'`;

function formatted(
  columns: readonly Column[],
  { format, raw }: ExportQuery,
): { selected: string; options: string } {
  switch (format) {
    case 'csv': {
      const header = quoteLiteral(headerOf(columns, { raw }));
      return {
        selected: columns.map((column) => csvCell(column, !raw)).join(', '),
        options: String.raw`FORMAT csv, HEADER false, NEW_LINE E'\r\n', PREFIX ${header}, SUFFIX E'\r\n'`,
      };
    }
    case 'json':
      return {
        selected: jsonRow(columns),
        options: String.raw`${LINES}, PREFIX '[', SUFFIX E']\n', NEW_LINE E',\n'`,
      };
    case 'ndjson':
      return { selected: jsonRow(columns), options: LINES };
    case 'parquet':
      return { selected: parquetColumns(columns), options: 'FORMAT parquet, COMPRESSION zstd' };
  }
}
