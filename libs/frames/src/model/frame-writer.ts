import { rm } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType, StorageType } from '../columns/column.js';
import { FRAME_ROWS } from '../csv/scan/frame-plan.js';
import { dropTables } from '../engine/clean-up.js';
import { DuckEngine } from '../engine/duck-engine.js';
import { physicalName } from '../engine/sql.js';
import { uniqueName } from '../engine/unique-name.js';
import { type ColumnDefinition, FramePublisher, type WrittenTable } from './frame-publisher.js';

/** Results that are stored as frames, such as the members of a report. */
@Injectable()
export class FrameWriter {
  constructor(
    private readonly engine: DuckEngine,
    private readonly frames: FramePublisher,
  ) {}

  /**
   * Stores what `sql` selects, in its order, as frames of `ownerId` (in the field `uploadId` of the frame). Owners are
   * uploads, visible sets and reports; a new kind must be known to libs/inspection, or its frames are swept as unused.
   * @param table `names`: one unique name a selected column
   * @throws FrameStoreUnavailable, FrameMismatch
   */
  async write(
    connection: DuckDBConnection,
    table: {
      ownerId: string;
      revision: number;
      sql: string;
      names: readonly string[];
      signal?: AbortSignal | undefined;
    },
  ): Promise<WrittenTable> {
    const name = uniqueName('table_');
    const directory = this.engine.scratchDirectory();
    try {
      await connection.run(
        `CREATE TABLE ${name} AS SELECT row_number() OVER () - 1 AS n, * FROM (${table.sql}) AS selected(${table.names.map((_, index) => physicalName(index)).join(', ')})`,
      );
      const described = (await connection.runAndReadAll(`DESCRIBE ${name}`)).getRows().slice(1);
      const kept = described.map(([, type]) => keptAs(String(type)));
      const columns = table.names.map((text, index): ColumnDefinition => {
        const [type, storage] = kept[index] ?? (['text', 'VARCHAR'] as const);
        return { name: text, header: text, physical: physicalName(index), type, storage };
      });
      const [counted] = (await connection.runAndReadAll(`SELECT count(*) FROM ${name}`)).getRows();
      const rows = Number(counted?.[0]);
      const values = columns.map(({ physical, storage }) => `CAST(${physical} AS ${storage}) AS ${physical}`);
      const starts = Array.from({ length: Math.ceil(rows / FRAME_ROWS) }, (_, index) => index * FRAME_ROWS);
      return await this.frames.store(
        {
          ...table,
          columns,
          frames: starts.map((first) => ({ first, records: Math.min(FRAME_ROWS, rows - first) })),
          select: ({ first, records }) =>
            `SELECT n, ${values.join(', ')} FROM ${name} WHERE n BETWEEN ${first} AND ${first + records - 1} ORDER BY n`,
        },
        directory,
      );
    } finally {
      await dropTables(connection, name);
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** The type in which a result's column is stored: wider where frames have no such type. */
function keptAs(type: string): [ColumnType, StorageType] {
  if (/^U?(?:TINYINT|SMALLINT|INTEGER)$|^BIGINT$/.test(type)) return ['integer', 'BIGINT'];
  if (/^(?:UBIGINT|U?HUGEINT)$/.test(type)) return ['integer', 'DECIMAL(38,0)'];
  if (type.startsWith('DECIMAL')) return ['decimal', type as StorageType];
  if (type === 'FLOAT' || type === 'DOUBLE') return ['decimal', 'DOUBLE'];
  if (type === 'BOOLEAN') return ['boolean', 'BOOLEAN'];
  if (type === 'DATE') return ['date', 'DATE'];
  if (type.startsWith('TIMESTAMP')) return ['timestamp', 'TIMESTAMP'];
  return ['text', 'VARCHAR'];
}
