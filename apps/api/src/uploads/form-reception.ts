import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { type BusboyFileStream, type BusboyInstance, Busboy } from '@fastify/busboy';
import { type InflationLimits, PREFLIGHT_BYTES } from '@app/frames';
import { invalidParameter, Problem } from '@app/problems';
import type { StagedBlob } from '@app/storage';
import { HeadTap } from './head-tap.js';

export type FormFields = ReadonlyMap<string, string>;

/** What is done with the parts of a form while it comes in. Whatever throws refuses the form at once. */
export interface FormListener {
  /** Names of the parts that are files, and how many of them there may be; one `file` where it is absent. */
  files?: { parts: readonly string[]; max: number };
  /** A form that says it is longer is refused before it is read. */
  maxFormBytes: number;
  /** Of what a file named `.gz` inflates to. */
  inflation: InflationLimits;
  stage(source: Readable): Promise<StagedBlob>;
  discard(staged: StagedBlob): Promise<void>;
  /** Before anything is read. @returns what is called once nothing more of the form is read */
  admit(): () => void;
  onField(name: string, value: string): Promise<void>;
  /** The first {@link PREFLIGHT_BYTES} of the file's text, where it is at least that long, and the fields so far. */
  onHead(head: Buffer, fields: FormFields): void;
}

export interface ReceivedForm {
  fields: FormFields;
  /** In the order in which they came; at least one. */
  files: [ReceivedPart, ...ReceivedPart[]];
}

export interface ReceivedPart {
  staged: StagedBlob;
  fileName: string;
  /** The first {@link PREFLIGHT_BYTES} of the file's text, which of a gzip file is what it inflates to. */
  head: Buffer;
  /** True where that is all of it. */
  complete: boolean;
  compression: 'gzip' | null;
}

const ONE_FILE = { parts: ['file'], max: 1 };
const MAX_FIELDS = 20;
const MAX_FIELD_BYTES = 256 * 1024;
/** What a form may have besides its file. */
export const MAX_FORM_OVERHEAD_BYTES = 8 * 1024 ** 2;
const MAX_PART_HEADER_BYTES = 16 * 1024;
const MAX_FILE_NAME = 255;
/** A client that sends nothing for so long is taken for gone. */
const IDLE_MS = 60_000;
/** So long a refused client may go on sending before its connection is cut. */
const LINGER_MS = 30_000;

/** One multipart form with its files, received once: a file goes to storage as it comes, never into memory. */
export class FormReception {
  private readonly fields = new Map<string, string>();
  private readonly checks: Promise<void>[] = [];
  private readonly files: { staged: Promise<StagedBlob>; tap: HeadTap; name: string }[] = [];
  private fail: (error: unknown) => void = () => undefined;

  constructor(
    private readonly request: IncomingMessage,
    private readonly listener: FormListener,
  ) {}

  /**
   * @throws Problem for a form that is malformed, cut off, too large or without a file, and whatever the listener
   * throws. Nothing of the file is then left, and the client can read the answer.
   */
  async receive(): Promise<ReceivedForm> {
    const { parts, max } = this.accepted;
    const parser = formParser(this.request, max);
    let leave: (() => void) | undefined;
    try {
      leave = this.listener.admit();
      this.checkLength();
      await this.parse(parser);
      await Promise.all(this.checks);
      const files: ReceivedPart[] = [];
      for (const { staged, tap, name } of this.files) {
        const blob = await staged;
        const { head, complete, compression } = tap;
        files.push({ staged: blob, fileName: name, head, complete, compression });
      }
      const [first, ...others] = files;
      if (first === undefined) throw invalidParameter(parts[0] ?? '', 'required: a part with a file name');
      return { fields: this.fields, files: [first, ...others] };
    } catch (error) {
      this.request.unpipe(parser);
      await this.discardFiles(error);
      drain(this.request);
      throw error;
    } finally {
      leave?.();
      this.request.setTimeout(0);
    }
  }

  private get accepted(): { parts: readonly string[]; max: number } {
    return this.listener.files ?? ONE_FILE;
  }

  private checkLength(): void {
    const { maxFormBytes } = this.listener;
    if (Number(this.request.headers['content-length']) > maxFormBytes) {
      throw new Problem('payload_too_large', `The form is larger than the ${maxFormBytes} bytes allowed.`);
    }
  }

  private parse(parser: BusboyInstance): Promise<void> {
    const { max } = this.accepted;
    return new Promise((resolve, reject) => {
      this.fail = reject;
      parser
        .on('field', (name, value, _nameCut, valueCut) => this.takeField(name, value, valueCut))
        .on('file', (name, stream, fileName) => this.takeFile(name, stream, fileName))
        .on('fieldsLimit', () => reject(malformed(`more than ${MAX_FIELDS} fields`)))
        .on('filesLimit', () => reject(malformed(`more than ${max === 1 ? 'one file' : `${max} files`}`)))
        .on('error', (error) => reject(malformed('it is not well-formed', error)))
        .on('finish', resolve);
      // Also where the whole form has come in, so it must not be mistaken for the end of the parsing.
      this.request.once('close', () => {
        if (!this.request.complete) reject(cutOff());
      });
      this.request.setTimeout(IDLE_MS, () => this.request.destroy());
      this.request.pipe(parser);
    });
  }

  private takeField(name: string, value: string, isCut: boolean): void {
    if (isCut) this.fail(invalidParameter(name, `longer than ${MAX_FIELD_BYTES} bytes`));
    else if (this.fields.has(name)) this.fail(invalidParameter(name, 'given twice'));
    this.fields.set(name, value);
    const check = this.listener.onField(name, value);
    check.catch(this.fail);
    this.checks.push(check);
  }

  private takeFile(part: string, stream: BusboyFileStream, fileName: string | undefined): void {
    const name = safeFileName(fileName);
    const { inflation } = this.listener;
    const tap = new HeadTap({ bytes: PREFLIGHT_BYTES, inflation, mayInflate: isGzipName(name) }, (head) =>
      this.listener.onHead(head, this.fields),
    );
    // An error on either side destroys the other; storage sees the tap's.
    pipeline(stream, tap, () => undefined);
    const { parts } = this.accepted;
    if (!parts.includes(part)) {
      tap.resume();
      this.fail(invalidParameter(part, `the file belongs into the part "${parts[0]}"`));
      return;
    }
    const staged = this.listener.stage(tap);
    staged.catch(this.fail);
    this.files.push({ staged, tap, name });
  }

  private async discardFiles(reason: unknown): Promise<void> {
    for (const { tap, staged } of this.files) {
      tap.destroy(reason instanceof Error ? reason : new Error('refused'));
      const blob = await staged.catch(() => undefined);
      if (blob !== undefined) await this.listener.discard(blob);
    }
  }
}

function formParser(request: IncomingMessage, files: number): BusboyInstance {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw new Problem('unsupported_media_type', 'Send the file as multipart/form-data.');
  }
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': contentType },
      limits: {
        files,
        fields: MAX_FIELDS,
        fieldSize: MAX_FIELD_BYTES,
        headerSize: MAX_PART_HEADER_BYTES,
      },
    });
  } catch (error) {
    throw malformed('its Content-Type names no boundary', error);
  }
}

const malformed = (why: string, cause?: unknown): Problem =>
  new Problem('invalid_parameter', `The multipart form cannot be read: ${why}.`, { cause });

const cutOff = (): Problem =>
  new Problem('invalid_parameter', 'The connection was cut before the form was complete.');

/** The name decides whether a file is meant to be compressed. */
export const isGzipName = (name: string): boolean => /\.gz$/i.test(name);

/** Never a path, nor what Postgres or a header cannot hold. */
function safeFileName(given: string | undefined): string {
  // oxlint-disable-next-line no-control-regex -- those are what is taken out
  const printable = (given ?? '').replaceAll(/[\u0000-\u001F\u007F\p{Surrogate}]/gu, '').trim();
  return printable.slice(0, MAX_FILE_NAME) || 'upload.csv';
}

/**
 * Many clients read an answer only after they have sent everything, and closing a connection with unread bytes
 * in it makes them lose the answer: what still comes is thrown away for a while.
 */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}
