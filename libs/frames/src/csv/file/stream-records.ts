import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Problem } from '@app/problems';
import { CsvError, parse } from 'csv-parse';
import { decodePieces } from '../decode-text.js';
import type { FileLimits } from '../dialect.js';
import type { Preflight } from '../preflight/preflight.js';

/**
 * The records of a file after its header, cell by cell, while it is read: for those who make other files of it. Nothing is
 * rejected here, the first record that is not as the others ends it.
 * @throws Problem unprocessable, which says why the file cannot be read
 */
export async function* streamRecords(
  path: string,
  { dialect, names }: Pick<Preflight, 'dialect' | 'names'>,
  { maxRecordBytes }: Pick<FileLimits, 'maxRecordBytes'>,
): AsyncGenerator<string[]> {
  const { delimiter, quote, escape, preambleLines, compression, encoding } = dialect;
  const parser = parse({
    delimiter,
    quote,
    escape,
    from_line: preambleLines + 1,
    skip_empty_lines: names.length > 1,
    max_record_size: maxRecordBytes,
  });
  const file = createReadStream(path);
  const bytes = compression === 'gzip' ? file.pipe(createGunzip()) : file;
  const reading = pipeline(Readable.from(decodePieces(bytes, encoding)), parser).catch(() => undefined);
  let isHeader = dialect.header;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (!isHeader) yield record;
      isHeader = false;
    }
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof TypeError)) throw error;
    throw new Problem('unprocessable', error.message, { cause: error });
  } finally {
    parser.destroy();
    await reading;
  }
}
