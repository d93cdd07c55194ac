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
import { preflight, type Preflight } from '@app/frames';
import { Problem } from '@app/problems';
import { BlobStore } from '@app/storage';
import { z } from 'zod';
import { validationProblem } from '../http/validation.js';
import {
  type FormFields,
  FormReception,
  MAX_FORM_OVERHEAD_BYTES,
  type ReceivedForm,
} from './form-reception.js';

const mappingText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'not valid JSON' });
      return z.NEVER;
    }
  })
  .pipe(columnMappingSchema);

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

/** The fields of a form that say how its file is to be read. */
export const readingFields = {
  mapping: mappingText.optional(),
  ...dialectFields,
  header: z
    .enum(['true', 'false'])
    .transform((given) => given === 'true')
    .optional(),
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
  /** Of the file; the limit of uploads where it is absent. */
  maxBytes?: number;
}

/** A form that was received whole, with a file that looks like a CSV. */
export interface UploadForm<Fields> {
  fields: Fields;
  file: Omit<ReceivedFile, 'mode' | 'keyColumns'>;
  /** Names of the file's columns. */
  names: string[];
}

/** Receives files that are sent as forms. */
@Injectable()
export class UploadForms {
  constructor(
    private readonly blobs: BlobStore,
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
    const received = await new FormReception(request, {
      maxFormBytes: maxBytes + MAX_FORM_OVERHEAD_BYTES,
      inflation: { maxUploadBytes: maxBytes, maxInflateRatio },
      stage: (source) => this.blobs.stage(source, { maxBytes }),
      discard: (staged) => this.blobs.discard(staged),
      onField: async (name, value) => rules.onField?.(name, value),
      onHead: (head, fields) => this.refuseForeignFormat(head, fields),
    }).receive();
    const { staged, fileName } = received;
    try {
      const fields = parsed(rules.fields, received.fields);
      await rules.check?.(fields);
      const { dialect, names } = this.examine(received, fields);
      checkDistinctRoles(fields.mapping);
      checkMappingNames(fields.mapping, names);
      return await use({ fields, names, file: { staged, fileName, dialect, options: optionsOf(fields) } });
    } finally {
      await this.blobs.discard(staged);
    }
  }

  /** A large archive or picture need not be received to its end. */
  private refuseForeignFormat(head: Buffer, fields: FormFields): void {
    const reading = z.object(readingFields).safeParse(Object.fromEntries(fields));
    try {
      this.examine({ head, complete: false, compression: null }, reading.data ?? {});
    } catch (error) {
      if (error instanceof Problem && error.code === 'unsupported_media_type') throw error;
    }
  }

  private examine(
    { head, complete, compression }: Pick<ReceivedForm, 'head' | 'complete' | 'compression'>,
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
}: ReadingFields): UploadOptions => ({
  ...(mapping !== undefined && { mapping }),
  ...(encoding !== undefined && { encoding }),
  ...(delimiter !== undefined && { delimiter }),
  ...(header !== undefined && { header }),
  ...(decimal !== undefined && { decimal }),
  ...(dateOrder !== undefined && { dateOrder }),
});
