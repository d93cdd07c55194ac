import { closeSync, openSync, readSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { rollBack } from '../engine/clean-up.js';
import { linkInto } from '../engine/link-into.js';
import { type PlainTexts, readTexts } from './fill-texts.js';
import type { TextsTable } from './texts-table.js';

const PART = {
  /** DuckDB 1.5.5 takes over what a transaction inserted as it is from 122,880 rows on; fewer it copies. */
  rows: 170_000,
  leastBytes: 8 * 1024 * 1024,
};
const CUT = {
  /** Each connection holds a block of each column. */
  mostColumns: 50,
  /** Longer files do not stay in memory. Their parts would make ten million rows fail half of the time for lack of it. */
  mostBytes: 64 * 1024 * 1024,
};
const WINDOW_BYTES = 64 * 1024;
const COPIED_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Loads a file in parts that end with a line, of which several connections take one after the other: DuckDB's own threads
 * would move the rows once more to keep their order. Lines must be records, or their parts are not.
 */
export class PartedLoad {
  /** Bytes at which parts begin, and the end. */
  private readonly cuts: readonly number[];
  /** Files of parts that were taken, and of the one after them. */
  private readonly files = new Map<number, Promise<string>>();
  private next = 0;
  private readonly created: Promise<void>;
  /** Settled once the parts that were taken stand in the table. */
  private loaded: Promise<void>;

  /**
   * Makes the table; its rows come with {@link run}.
   * @param head the first bytes of the file
   * @param directory for copies of parts
   */
  constructor(
    private readonly texts: TextsTable,
    private readonly file: PlainTexts & { sizeBytes: number },
    head: Buffer,
    private readonly directory: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.cuts = cutAtLines(file, head);
    this.created = texts.create();
    // Whoever runs hears of a failure.
    this.created.catch(() => undefined);
    this.loaded = this.created;
  }

  get isCut(): boolean {
    return this.cuts.length > 2;
  }

  /** Takes parts on a connection of its own until none is left, or any failed. */
  async run(connection: DuckDBConnection): Promise<void> {
    try {
      while (this.next < this.cuts.length - 1) {
        this.signal?.throwIfAborted();
        const part = this.next++;
        this.loaded = this.load(connection, part, this.loaded);
        await this.loaded;
      }
      await this.loaded;
    } finally {
      this.stop();
      await Promise.allSettled(this.files.values());
    }
  }

  /** No more parts are taken. */
  stop(): void {
    this.next = this.cuts.length;
  }

  private async load(connection: DuckDBConnection, part: number, earlier: Promise<void>): Promise<void> {
    const path = await this.fileOf(part);
    // The next one is ready when it is wanted.
    if (this.next < this.cuts.length - 1) this.fileOf(part + 1).catch(() => undefined);
    await this.created;
    try {
      await connection.run('BEGIN');
      // What begins only now hears of no interrupt that came before.
      this.signal?.throwIfAborted();
      const header = this.file.header && part === 0;
      await this.texts.append(connection, readTexts({ ...this.file, path, header }));
      // Rows have the order in which they are committed.
      await earlier;
      await connection.run('COMMIT');
    } catch (error) {
      this.stop();
      await rollBack(connection);
      throw error;
    }
    await rm(path);
  }

  private fileOf(part: number): Promise<string> {
    const known = this.files.get(part);
    if (known !== undefined) return known;
    const path = join(this.directory, `part-${part}.csv`);
    const file = this.isCut
      ? copyBytes(this.file.path, path, this.cuts.slice(part, part + 2))
      : linkInto(path, this.file.path);
    this.files.set(part, file);
    return file;
  }
}

/** Cuts behind line feeds, so that each part has about as many rows as a part should have, by the lines of the head. */
function cutAtLines(
  { path, sizeBytes, columns, ends }: PlainTexts & { sizeBytes: number },
  head: Buffer,
): number[] {
  const lines = head.toString('latin1').split('\n').slice(0, -1);
  const isCuttable =
    columns <= CUT.mostColumns &&
    sizeBytes <= CUT.mostBytes &&
    ends !== 'cr' &&
    lines.length > 0 &&
    lines.every(isWhole);
  const bytesARow = head.length / lines.length;
  const parts = isCuttable ? Math.round(sizeBytes / Math.max(PART.leastBytes, PART.rows * bytesARow)) : 1;
  const cuts = [0];
  const file = openSync(path, 'r');
  try {
    const window = Buffer.alloc(WINDOW_BYTES);
    for (let part = 1; part < parts; part += 1) {
      const from = Math.floor((sizeBytes * part) / parts);
      const read = readSync(file, window, 0, WINDOW_BYTES, from);
      const end = window.subarray(0, read).indexOf(LINE_FEED);
      if (end >= 0) cuts.push(from + end + 1);
    }
  } finally {
    closeSync(file);
  }
  return [...cuts, sizeBytes];
}

/** Whether no quote that opens in a line is left open in it. */
const isWhole = (line: string): boolean => line.split('"').length % 2 === 1;

async function copyBytes(from: string, to: string, [start = 0, end = 0]: readonly number[]): Promise<string> {
  const source = await open(from);
  const target = await open(to, 'wx');
  try {
    const buffer = Buffer.allocUnsafeSlow(Math.min(COPIED_BYTES, end - start));
    for (let at = start; at < end;) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) throw new Error(`${from} ends at byte ${at}, before ${end}.`);
      await target.writeFile(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return to;
  } finally {
    await source.close();
    await target.close();
  }
}
