import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { assertPlainPath } from '../../engine/sql.js';

/** How the rows of an export stand in a file, beside what DuckDB writes of each. */
export interface Framing {
  head: string;
  /** After every row but the last. */
  separator: string;
  tail: string;
}

/** Rows as DuckDB wrote them, each with the separator after it. The file has no name any more. */
interface WrittenPiece {
  rows: number;
  file: FileHandle;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * The content of an export, made while it is read: one piece is written while the one before it is sent. Memory and disk
 * hold two pieces, however long the export is and however slow its reader.
 */
export class ExportStream {
  private readonly leaving = new AbortController();
  private ahead: Promise<WrittenPiece | undefined> = Promise.resolve(undefined);

  /**
   * @param directory where DuckDB may write, removed with the last reader
   * @param write writes a piece to a path and answers its number of rows
   */
  private constructor(
    private readonly directory: string,
    private readonly pieces: number,
    private readonly write: (piece: number, path: string, signal: AbortSignal) => Promise<number>,
    private readonly expectedRows: number,
  ) {}

  /**
   * @returns a stream to be read or destroyed; by then its first piece is written
   * @throws whatever `write` throws of the first piece; of later ones the stream ends with it
   */
  static async open(
    directory: string,
    table: {
      pieces: number;
      rowCount: number;
      framing: Framing;
      write: (piece: number, path: string, signal: AbortSignal) => Promise<number>;
    },
  ): Promise<Readable> {
    const stream = new ExportStream(directory, table.pieces, table.write, table.rowCount);
    try {
      stream.begin(0);
      await stream.ahead;
    } catch (error) {
      await stream.close();
      throw error;
    }
    const content = Readable.from(stream.content(table.framing), {
      objectMode: false,
      highWaterMark: CHUNK_BYTES,
    });
    return content.once('close', () => void stream.close());
  }

  private begin(piece: number): void {
    this.ahead = piece < this.pieces ? this.make(piece) : Promise.resolve(undefined);
    // It is looked at once the piece before it has been sent.
    this.ahead.catch(() => {});
  }

  private async make(piece: number): Promise<WrittenPiece> {
    const path = assertPlainPath(join(this.directory, `export-${piece}`));
    const rows = await this.write(piece, path, this.leaving.signal);
    const file = await open(path, 'r');
    await rm(path);
    return { rows, file };
  }

  private async *content({ head, separator, tail }: Framing): AsyncGenerator<Buffer> {
    if (head !== '') yield Buffer.from(head);
    let sent = 0;
    for (let piece = 0; piece < this.pieces; piece += 1) {
      const written = await this.ahead;
      if (written === undefined) break;
      this.begin(piece + 1);
      sent += written.rows;
      try {
        yield* contentOf(written, sent === this.expectedRows ? Buffer.byteLength(separator) : 0);
      } finally {
        await written.file.close();
      }
    }
    if (sent !== this.expectedRows) throw new Error(`${sent} rows were exported, not ${this.expectedRows}.`);
    if (tail !== '') yield Buffer.from(tail);
  }

  /** Ends what is being written, and leaves nothing. */
  private async close(): Promise<void> {
    this.leaving.abort();
    await this.ahead.then(
      (left) => left?.file.close(),
      () => {},
    );
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** @param cut bytes at the end that are left out */
async function* contentOf({ rows, file }: WrittenPiece, cut: number): AsyncGenerator<Buffer> {
  if (rows === 0) return;
  const { size } = await file.stat();
  let left = size - cut;
  for (let at = 0; left > 0;) {
    const { buffer, bytesRead } = await file.read(
      Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left)),
      0,
      null,
      at,
    );
    if (bytesRead === 0) throw new Error('A piece of an export is shorter than it was.');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
    left -= bytesRead;
  }
}
