import { columnMappingSchema, DATASET_KINDS } from '@app/datasets';
import { DUPLICATE_POLICIES } from '@app/frames';
import { z } from 'zod';
import { listQuery } from '../http/listing.js';
import { text } from '../http/text.js';
import { readingFields } from '../uploads/upload-form.js';

const name = text(255);
const description = text(4000, 0);
const kind = z.enum(DATASET_KINDS);

/** What becomes of equal rows and of files with many rejected records, from the next file on. */
const policies = {
  duplicates: z.enum(DUPLICATE_POLICIES).optional(),
  maxRejectedShare: z.number().min(0).max(1).nullable().optional(),
};

export const newDatasetSchema = z.strictObject({
  customerId: z.uuid(),
  name,
  storeId: z.uuid().nullable().optional(),
  description: description.optional(),
  kind: kind.nullable().optional(),
  ...policies,
});

/** The same as form fields, beside the file. */
export const newDatasetFields = z.strictObject({
  customerId: z.uuid(),
  name,
  storeId: z.uuid().optional(),
  description: description.optional(),
  kind: kind.optional(),
  duplicates: policies.duplicates,
  maxRejectedShare: z.coerce.number().min(0).max(1).optional(),
  ...readingFields,
});

/** What may be changed; the customer a dataset belongs to may not. */
export const datasetChangeSchema = z.strictObject({
  name: name.optional(),
  storeId: z.uuid().nullable().optional(),
  description: description.optional(),
  kind: kind.nullable().optional(),
  mapping: columnMappingSchema.optional(),
  ...policies,
});

/** PUT: what is absent falls back to its default. */
export const datasetReplacementSchema = z.strictObject({
  name,
  storeId: z.uuid().nullable().default(null),
  description: description.default(''),
  kind: kind.nullable().default(null),
  duplicates: z.enum(DUPLICATE_POLICIES).default('keep'),
  maxRejectedShare: z.number().min(0).max(1).nullable().default(null),
  mapping: columnMappingSchema.optional(),
});

export const datasetListQuery = z.strictObject({
  ...listQuery,
  customerId: z.uuid().optional(),
  storeId: z.uuid().optional(),
  kind: kind.optional(),
});

/** Whether a file is only tried out. */
export const dryRunQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });

const string = { type: 'string' };

/** How the forms are described in the OpenAPI document. */
export const READING_PROPERTIES = {
  file: { type: 'string', format: 'binary', description: 'The CSV file. Best sent after the other parts.' },
  mapping: {
    type: 'string',
    description:
      'JSON: {"roles": {role: column}, "columns": {column: {"type", "decimal", "dateOrder", "as": name in the dataset}}}',
  },
  encoding: { type: 'string', description: 'Where the bytes do not tell it, such as iso-8859-15' },
  delimiter: string,
  header: {
    type: 'string',
    enum: ['true', 'false'],
    description: 'Whether the first record names the columns',
  },
  decimal: { type: 'string', enum: ['.', ','] },
  dateOrder: { type: 'string', enum: ['dmy', 'mdy', 'ymd'] },
};

export const NEW_DATASET_BODY = {
  type: 'object',
  description:
    'As JSON without a file; as a form with the file that begins the dataset. Only a form may have file, mapping, encoding and delimiter, and it must have a file.',
  required: ['customerId', 'name'],
  properties: {
    customerId: { type: 'string', format: 'uuid' },
    name: string,
    storeId: { type: 'string', format: 'uuid' },
    description: string,
    kind: { type: 'string', enum: [...DATASET_KINDS] },
    duplicates: { type: 'string', enum: [...DUPLICATE_POLICIES], default: 'keep' },
    maxRejectedShare: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'A larger share refuses a file',
    },
    ...READING_PROPERTIES,
  },
};
