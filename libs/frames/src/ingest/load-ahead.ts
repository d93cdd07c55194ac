import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { isPlainForm } from '../csv/dialect.js';
import { INLINE_BYTES } from '../csv/file/run-in-thread.js';
import type { TableSource } from '../csv/file/table-source.js';
import { isSimple, lineEndsOf } from '../csv/scan/scan-file.js';
import { linkInto } from '../engine/link-into.js';
import { fillTexts, lineBytes, type LineEnds } from './fill-texts.js';
import type { PreparedSource } from './prepare-source.js';
import type { Loaded } from './stage-table.js';
import { TextsTable } from './texts-table.js';

const ENDS: Record<string, LineEnds> = { '\n': 'lf', '\r\n': 'crlf', '\r': 'cr' };

interface Begun {
  source: TableSource;
  ends: LineEnds;
  longestLine: number;
  texts: TextsTable;
  rows: Promise<number | undefined>;
}

/**
 * Loads a file while it is scanned, in the form that its head has: the scan takes one core, DuckDB what is left. What was
 * loaded counts only where the scan then says of the whole file what the head let expect.
 */
export class LoadAhead {
  private begun: Begun | undefined;
  private wanted = true;

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly directory: string,
  ) {}

  /** The table that takes the texts, where loading has begun. */
  get texts(): TextsTable | undefined {
    return this.begun?.texts;
  }

  /**
   * Begins where that is worth it; {@link take} or {@link stop} must follow.
   * @param head the first bytes of the file
   */
  begin(source: TableSource, head: Buffer): void {
    const { start, header, delimiter, columns, sizeBytes } = source;
    const ends = ENDS[/\r\n|\n|\r/.exec(head.toString('latin1'))?.[0] ?? ''];
    const isPlain = isPlainForm(source) && start === 0 && columns <= MANY_COLUMNS;
    if (!isPlain || ends === undefined || sizeBytes <= INLINE_BYTES) return;
    const path = join(this.directory, 'ahead.csv');
    const longestLine = lineBytes(columns, 0);
    const texts = new TextsTable(this.connection, this.directory, columns);
    const rows = linkInto(path, source.path)
      .then(() => fillTexts(texts, { path, delimiter, columns, header, ends, longestLine }))
      .catch((error: unknown) => {
        if (this.wanted) throw error;
        return undefined;
      });
    // Whoever takes it hears of a failure.
    rows.catch(() => undefined);
    this.begun = { source, ends, longestLine, texts, rows };
  }

  /** All records of a file that is as it seemed to be; undefined where it must be loaded again. */
  async take({ scan, source }: PreparedSource): Promise<Loaded | undefined> {
    const { begun } = this;
    if (begun === undefined) return undefined;
    const isAsExpected =
      begun.source === source &&
      isSimple(scan) &&
      begun.ends === lineEndsOf(scan) &&
      begun.longestLine === lineBytes(source.columns, scan.longestRecord);
    if (!isAsExpected) {
      await this.stop();
      return undefined;
    }
    const rows = await begun.rows;
    return rows === scan.records ? { rows, rejected: 0, frames: scan.frames, parseAll: false } : undefined;
  }

  /** Ends what was begun, waits for its end and drops what it made. */
  async stop(): Promise<void> {
    if (this.begun === undefined) return;
    this.wanted = false;
    this.connection.interrupt();
    await this.begun.rows.catch(() => undefined);
    await this.begun.texts.drop();
  }
}
