import type { DuckDBConnection } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { isPlainForm } from '../csv/dialect.js';
import { INLINE_BYTES } from '../csv/file/run-in-thread.js';
import type { TableSource } from '../csv/file/table-source.js';
import { isSimple, lineEndsOf } from '../csv/scan/scan-file.js';
import { lineBytes, type LineEnds, unlessRefused } from './fill-texts.js';
import { PartedLoad } from './parted-load.js';
import type { PreparedSource } from './prepare-source.js';
import type { Loaded } from './stage-table.js';
import { TextsTable } from './texts-table.js';

const ENDS: Record<string, LineEnds> = { '\n': 'lf', '\r\n': 'crlf', '\r': 'cr' };

interface Begun {
  source: TableSource;
  ends: LineEnds;
  longestLine: number;
  texts: TextsTable;
  load: PartedLoad;
  first: Promise<void>;
}

/**
 * Loads a file while it is scanned, in the form that its head has: the scan takes one core, DuckDB the other one, and both
 * once the scan is through. What was loaded counts only where the scan says of the whole file what the head let expect.
 */
export class LoadAhead {
  private begun: Begun | undefined;

  constructor(
    private readonly means: { connection: DuckDBConnection; second: DuckDBConnection; directory: string },
    private readonly signal: AbortSignal | undefined,
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
    const { start, columns, sizeBytes } = source;
    const ends = ENDS[/\r\n|\n|\r/.exec(head.toString('latin1'))?.[0] ?? ''];
    const isPlain = isPlainForm(source) && start === 0 && columns <= MANY_COLUMNS;
    if (!isPlain || ends === undefined || sizeBytes <= INLINE_BYTES) return;
    const longestLine = lineBytes(columns, 0);
    const { connection, directory } = this.means;
    const texts = new TextsTable(connection, directory, columns);
    const load = new PartedLoad(texts, { ...source, ends, longestLine }, head, directory, this.signal);
    const first = load.run(connection);
    // Whoever takes it hears of a failure.
    first.catch(() => undefined);
    this.begun = { source, ends, longestLine, texts, load, first };
  }

  /** All records of a file that is as it seemed to be; undefined where it must be loaded again. */
  async take({ scan, source }: PreparedSource): Promise<Loaded | undefined> {
    const { begun } = this;
    if (begun === undefined) return undefined;
    const { load, texts } = begun;
    const isAsExpected =
      begun.source === source &&
      isSimple(scan) &&
      begun.ends === lineEndsOf(scan) &&
      begun.longestLine === lineBytes(source.columns, scan.longestRecord) &&
      (!load.isCut || scan.firstLine !== undefined);
    if (!isAsExpected) {
      await this.stop();
      return undefined;
    }
    const second = load.run(this.means.second);
    const rows = await unlessRefused(async () => {
      await Promise.allSettled([begun.first, second]);
      await Promise.all([begun.first, second]);
      return texts.count();
    });
    return rows === scan.records ? { rows, rejected: 0, frames: scan.frames, parseAll: false } : undefined;
  }

  /** Ends what was begun, waits for its end and drops what it made. */
  async stop(): Promise<void> {
    if (this.begun === undefined) return;
    this.begun.load.stop();
    this.means.connection.interrupt();
    await this.begun.first.catch(() => undefined);
    await this.begun.texts.drop();
  }
}
