import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '@app/config';
import {
  checkDistinctRoles,
  checkMappingNames,
  columnMappingSchema,
  type ReceivedFile,
  UPLOAD_MODES,
  type UploadOptions,
} from '@app/datasets';
import { assertNotForeign, preflight, type Preflight } from '@app/frames';
import { Problem } from '@app/problems';
import { BlobStore } from '@app/storage';
import { z } from 'zod';
import { givenFields } from '../http/given-fields.js';
import { validationProblem } from '../http/validation.js';
import {
  type FormFields,
  FormReception,
  MAX_FORM_OVERHEAD_BYTES,
  type ReceivedPart,
} from './form-reception.js';
import { UploadGate } from './upload-gate.js';

/** A field of a form that holds JSON. */
export const jsonText = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'not valid JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const dialectFields = {
  encoding: z.string().min(1).max(40).optional(),
  delimiter: z
    .string()
    .max(10)
    .transform((given) => (given === String.raw`\t` || given.toLowerCase() === 'tab' ? '\t' : given))
    .optional(),
  decimal: z.enum(['.', ',']).optional(),
  dateOrder: z.enum(['dmy', 'mdy', 'ymd']).optional(),
};

/** The fields of a form that say how its files are written. */
export const dialectTexts = {
  ...dialectFields,
  header: z
    .enum(['true', 'false'])
    .transform((given) => given === 'true')
    .optional(),
};

/** The fields of a form that say how its file is to be read. */
export const readingFields = {
  mapping: jsonText(columnMappingSchema).optional(),
  ...dialectTexts,
};

/** The same as JSON. */
export const readingOptions = z.strictObject({
  mapping: columnMappingSchema.optional(),
  ...dialectFields,
  header: z.boolean().optional(),
});

export const uploadFields = z.strictObject({
  mode: z.enum(UPLOAD_MODES).default('append'),
  keyColumns: z.string().min(1).max(20_000).optional(),
  ...readingFields,
});

type ReadingFields = Partial<z.infer<typeof readingOptions>>;

/** How {@link UploadForms} receives one form: the fields it may have, and who may send it. */
export interface FormRules<Fields extends ReadingFields> {
  fields: z.ZodType<Fields>;
  /** Told of each field as it comes, so that a stranger's file need not be read to its end. */
  onField?(name: string, value: string): Promise<void>;
  /** Called before anything is kept, with all fields checked. */
  check?(fields: Fields): Promise<void>;
  /** Of all files together; the limit of uploads where it is absent. */
  maxBytes?: number;
  /** Where there may be several files: the parts they come in, and how many. */
  files?: { parts: readonly string[]; max: number };
}

/** A file that looks like a CSV. */
export interface FormFile {
  file: Omit<ReceivedFile, 'mode' | 'keyColumns'>;
  /** Names of the file's columns. */
  names: string[];
  /** The first records of its data, as text. */
  firstRecords: string[][];
}

/** A form that was received whole, with its first file. */
export interface UploadForm<Fields> extends FormFile {
  fields: Fields;
  /** The files after the first, where there may be several. */
  others: FormFile[];
}

/** Receives files that are sent as forms. */
@Injectable()
export class UploadForms {
  constructor(
    private readonly blobs: BlobStore,
    private readonly gate: UploadGate,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Hands the received form to `use`; what `use` has not taken in by then is discarded.
   * @throws Problem as {@link FormReception.receive}; unsupported_media_type and unprocessable for what is no CSV;
   * invalid_parameter for fields and for mappings that name columns the file lacks
   */
  async receive<Fields extends ReadingFields, Result>(
    request: IncomingMessage,
    rules: FormRules<Fields>,
    use: (form: UploadForm<Fields>) => Promise<Result>,
  ): Promise<Result> {
    const { maxUploadBytes, maxInflateRatio } = this.settings.files;
    const maxBytes = Math.min(maxUploadBytes, rules.maxBytes ?? maxUploadBytes);
    let taken = 0;
    const received = await new FormReception(request, {
      ...(rules.files !== undefined && { files: rules.files }),
      maxFormBytes: maxBytes + MAX_FORM_OVERHEAD_BYTES,
      inflation: { maxUploadBytes: maxBytes, maxInflateRatio },
      admit: () => this.gate.enter(),
      stage: async (source) => {
        const staged = await this.blobs.stage(source, { maxBytes: Math.max(0, maxBytes - taken) });
        taken += staged.sizeBytes;
        return staged;
      },
      discard: (staged) => this.blobs.discard(staged),
      onField: async (name, value) => rules.onField?.(name, value),
      onHead: (head, fields) => this.refuseForeignFormat(head, fields),
    }).receive();
    try {
      if (taken > maxBytes) {
        throw new Problem('payload_too_large', `The files are larger than the ${maxBytes} bytes allowed.`);
      }
      const fields = parsed(rules.fields, received.fields);
      await rules.check?.(fields);
      const [first, ...others] = received.files;
      return await use({
        fields,
        ...this.examined(first, fields),
        others: others.map((part) => this.examined(part, fields)),
      });
    } finally {
      for (const { staged } of received.files) await this.blobs.discard(staged);
    }
  }

  /** A file as it may be taken in. */
  private examined(part: ReceivedPart, fields: ReadingFields): FormFile {
    const { dialect, names, preview: firstRecords } = this.examine(part, fields);
    checkDistinctRoles(fields.mapping);
    checkMappingNames(fields.mapping, names);
    const { staged, fileName } = part;
    return { names, firstRecords, file: { staged, fileName, dialect, options: optionsOf(fields) } };
  }

  /** A large archive or picture need not be received to its end. */
  private refuseForeignFormat(head: Buffer, fields: FormFields): void {
    assertNotForeign(head, fields.get('encoding'));
  }

  private examine(
    { head, complete, compression }: Pick<ReceivedPart, 'head' | 'complete' | 'compression'>,
    fields: ReadingFields,
  ): Preflight {
    const { encoding, delimiter, header } = fields;
    const { fallbackEncoding, ...limits } = this.settings.files;
    return preflight(head, {
      complete,
      compression,
      overrides: { encoding, delimiter, header },
      limits,
      fallbackEncoding,
    });
  }
}

function parsed<Fields>(schema: z.ZodType<Fields>, given: FormFields): Fields {
  const result = schema.safeParse(Object.fromEntries(given));
  if (!result.success) throw validationProblem(result.error.issues);
  return result.data;
}

/** Without the members that were not given. */
export const optionsOf = ({
  mapping,
  encoding,
  delimiter,
  header,
  decimal,
  dateOrder,
}: ReadingFields): UploadOptions => givenFields({ mapping, encoding, delimiter, header, decimal, dateOrder });
