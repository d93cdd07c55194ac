import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@app/problems';
import type { Dialect, DialectOverrides, FileLimits } from '../csv/dialect.js';
import type { FileJob } from '../csv/file/file-job.js';
import { runInThread, type ThreadOptions } from '../csv/file/run-in-thread.js';
import type { TableSource } from '../csv/file/table-source.js';
import { preflight } from '../csv/preflight/preflight.js';
import { readHead } from '../csv/preflight/read-head.js';
import type { ScanReport } from '../csv/scan/scan-file.js';

/** A file that was looked at as a whole and can be loaded. */
export interface PreparedSource {
  /** UTF-8 bytes: the upload itself, or a copy made from another encoding. */
  source: TableSource;
  dialect: Dialect;
  headers: string[];
  names: string[];
  scan: ScanReport;
  /** True where some records of a UTF-8 file are no UTF-8: they are rejected. */
  checkUtf8: boolean;
  byteOrderMark: Buffer;
}

export interface SourceRequest {
  path: string;
  overrides?: DialectOverrides | undefined;
  limits: FileLimits;
  fallbackEncoding?: string | undefined;
}

type ThreadHooks = Pick<ThreadOptions, 'signal' | 'onBytes'>;

/**
 * Decides how a file is to be read and scans all of it once.
 * @param directory for a UTF-8 copy, where one is needed
 * @throws Problem where it is no CSV, or no record of it can be read
 */
export async function prepareSource(
  request: SourceRequest,
  directory: string,
  hooks: ThreadHooks,
): Promise<PreparedSource> {
  const { size } = await stat(request.path);
  const head = await readHead(request.path);
  const looked = preflight(head, { ...request, complete: size <= head.length });
  const found: Found = { ...looked, head, size };
  const prepared =
    looked.dialect.encoding === 'utf-8'
      ? await prepareUtf8(request, found, directory, hooks)
      : await prepareTranscoded(request, found, directory, hooks);
  checkReadable(prepared, request.limits);
  return prepared;
}

type Found = ReturnType<typeof preflight> & { head: Buffer; size: number };

function sourceOf(
  path: string,
  sizeBytes: number,
  start: number,
  found: Found,
  limits: FileLimits,
): TableSource {
  const { delimiter, header } = found.dialect;
  return { path, sizeBytes, start, delimiter, header, columns: found.names.length, limits };
}

const run = <K extends FileJob['kind']>(
  job: Extract<FileJob, { kind: K }>,
  sizeBytes: number,
  hooks: ThreadHooks,
) => runInThread<K>(job, { sizeBytes, ...hooks });

async function prepareUtf8(
  request: SourceRequest,
  found: Found,
  directory: string,
  hooks: ThreadHooks,
): Promise<PreparedSource> {
  const { dialect, head, size } = found;
  const source = sourceOf(request.path, size, dialect.bomBytes, found, request.limits);
  const scan = await run({ kind: 'scan', source }, size, hooks);
  const certain = request.overrides?.encoding !== undefined || dialect.bomBytes > 0;
  if (!scan.validUtf8 && !certain) {
    const { utf8Records, brokenRecords } = await run({ kind: 'inspectEncoding', source }, size, hooks);
    // The head was plain ASCII and what follows is rarely UTF-8: the whole file is in another encoding.
    if (brokenRecords > utf8Records) {
      const fallback = request.fallbackEncoding ?? 'windows-1252';
      const again = preflight(head, {
        ...request,
        complete: size <= head.length,
        overrides: { ...request.overrides, encoding: fallback },
      });
      return prepareTranscoded(request, { ...again, head, size }, directory, hooks);
    }
  }
  return {
    ...found,
    source,
    scan,
    checkUtf8: !scan.validUtf8,
    byteOrderMark: head.subarray(0, dialect.bomBytes),
  };
}

async function prepareTranscoded(
  request: SourceRequest,
  found: Found,
  directory: string,
  hooks: ThreadHooks,
): Promise<PreparedSource> {
  const { dialect, head, size } = found;
  const target = join(directory, 'utf8.csv');
  const { encoding, bomBytes: start } = dialect;
  const done = await run(
    { kind: 'transcode', options: { path: request.path, start, encoding, target } },
    size,
    hooks,
  );
  if (!done) {
    throw new Problem('unprocessable', `The file has bytes that are no text in the encoding ${encoding}.`);
  }
  const { size: utf8Size } = await stat(target);
  const source = sourceOf(target, utf8Size, 0, found, request.limits);
  const scan = await run({ kind: 'scan', source }, utf8Size, hooks);
  return { ...found, source, scan, checkUtf8: false, byteOrderMark: head.subarray(0, start) };
}

function checkReadable({ scan }: PreparedSource, limits: FileLimits): void {
  if (scan.unclosedQuoteLine !== undefined && scan.longestRecord > limits.maxRecordBytes) {
    throw new Problem(
      'unprocessable',
      `The quote that opens on line ${scan.unclosedQuoteLine} never closes; the record is larger than the ${limits.maxRecordBytes} bytes allowed (record_too_large).`,
    );
  }
  if (scan.records === 0) throw new Problem('unprocessable', 'The file has a header line but no records.');
}
