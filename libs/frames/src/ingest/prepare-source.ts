import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@app/problems';
import type { Dialect, DialectOverrides, FileLimits } from '../csv/dialect.js';
import type { FileJob } from '../csv/file/file-job.js';
import { lineStart } from '../csv/file/line-start.js';
import { runInThread, type ThreadOptions } from '../csv/file/run-in-thread.js';
import type { TableSource } from '../csv/file/table-source.js';
import { inflateFile } from '../csv/gzip/inflate-file.js';
import { type DecidedEncoding, evidentEncoding } from '../csv/preflight/encoding.js';
import { DEFAULT_FALLBACK, type Preflight, preflight } from '../csv/preflight/preflight.js';
import { type FileHead, readHead } from '../csv/preflight/read-head.js';
import type { ScanReport } from '../csv/scan/scan-file.js';

/** A file that was looked at as a whole and can be loaded. */
export interface PreparedSource {
  /** UTF-8 bytes: the upload itself, or a copy that was inflated or made from another encoding. */
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

interface Hooks extends Pick<ThreadOptions, 'signal' | 'onBytes'> {
  /** Told of a file that is probably read as it is, before it is scanned, with its first bytes. */
  onSource?: (source: TableSource, head: Buffer) => void;
}

/**
 * Decides how a file is to be read and scans all of it once.
 * @param directory for copies, where they are needed
 * @throws Problem where it is no CSV, or no record of it can be read
 */
export async function prepareSource(
  request: SourceRequest,
  directory: string,
  hooks: Hooks,
): Promise<PreparedSource> {
  const file = await plainFile(request, directory, hooks.signal);
  const reading = new Reading(request, file, directory, hooks);
  const prepared = await reading.prepare();
  checkReadable(prepared, request.limits);
  return prepared;
}

/** The uploaded file, or what it inflates to. */
interface PlainFile extends FileHead {
  path: string;
  sizeBytes: number;
}

async function plainFile(
  { path, limits }: SourceRequest,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<PlainFile> {
  const given = await readHead(path);
  if (given.compression === null) return { ...given, path, sizeBytes: (await stat(path)).size };
  const target = join(directory, 'inflated.csv');
  await inflateFile(path, target, limits, signal);
  // An archive within the archive is foreign content.
  return {
    head: given.head,
    complete: given.complete,
    compression: given.compression,
    path: target,
    sizeBytes: (await stat(target)).size,
  };
}

/** One attempt to find out how a file is to be read, by its head first and by all of its bytes then. */
class Reading {
  /** Said by the caller or evident from the first bytes: then no other bytes count. */
  private readonly certain: boolean;
  private decided: DecidedEncoding | undefined;

  constructor(
    private readonly request: SourceRequest,
    private readonly file: PlainFile,
    private readonly directory: string,
    private readonly hooks: Hooks,
  ) {
    this.certain = request.overrides?.encoding !== undefined || evidentEncoding(file.head) !== undefined;
  }

  async prepare(): Promise<PreparedSource> {
    let looked = this.look();
    if (!this.certain && looked.dialect.encoding !== 'utf-8') looked = await this.lookAgain();
    if (looked.dialect.encoding !== 'utf-8') return this.prepareTranscoded(looked);

    const { path, sizeBytes, head } = this.file;
    const { bomBytes } = looked.dialect;
    const source = this.sourceOf(looked, path, sizeBytes, bomBytes);
    this.hooks.onSource?.(source, head);
    const scan = await this.run({ kind: 'scan', source }, sizeBytes);
    if (!scan.validUtf8 && !this.certain && this.decided === undefined) {
      // The head was UTF-8 as far as it goes; what follows is not.
      looked = await this.lookAgain();
      if (looked.dialect.encoding !== 'utf-8') return this.prepareTranscoded(looked);
    }
    return {
      ...looked,
      source,
      scan,
      checkUtf8: !scan.validUtf8,
      byteOrderMark: head.subarray(0, bomBytes),
    };
  }

  private look(): Preflight {
    const { complete, compression, head } = this.file;
    return preflight(head, { ...this.request, complete, compression, decidedEncoding: this.decided });
  }

  private async lookAgain(): Promise<Preflight> {
    const { path, sizeBytes } = this.file;
    const fallback = this.request.fallbackEncoding ?? DEFAULT_FALLBACK;
    this.decided = await this.run({ kind: 'inspectEncoding', options: { path, fallback } }, sizeBytes);
    return this.look();
  }

  private async prepareTranscoded(looked: Preflight): Promise<PreparedSource> {
    const { path, sizeBytes, head } = this.file;
    const { encoding, bomBytes: start } = looked.dialect;
    const target = join(this.directory, 'utf8.csv');
    if (!(await this.run({ kind: 'transcode', options: { path, start, encoding, target } }, sizeBytes))) {
      throw new Problem('unprocessable', `The file has bytes that are no text in the encoding ${encoding}.`);
    }
    const { size } = await stat(target);
    const source = this.sourceOf(looked, target, size, 0);
    const scan = await this.run({ kind: 'scan', source }, size);
    return { ...looked, source, scan, checkUtf8: false, byteOrderMark: head.subarray(0, start) };
  }

  private sourceOf(looked: Preflight, path: string, sizeBytes: number, textStart: number): TableSource {
    const { delimiter, quote, escape, header, preambleLines } = looked.dialect;
    return {
      path,
      sizeBytes,
      start: lineStart(path, textStart, preambleLines),
      firstLine: preambleLines + 1,
      delimiter,
      quote,
      escape,
      header,
      columns: looked.names.length,
      limits: this.request.limits,
    };
  }

  private run<K extends FileJob['kind']>(job: Extract<FileJob, { kind: K }>, sizeBytes: number) {
    const { signal, onBytes } = this.hooks;
    return runInThread<K>(job, { sizeBytes, signal, onBytes });
  }
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
