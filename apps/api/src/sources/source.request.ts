import { UPLOAD_MODES } from '@app/datasets';
import { SOURCE_KINDS } from '@app/sources';
import { isTimezone } from '@app/stores';
import { z } from 'zod';
import { listQuery } from '../http/listing.js';
import { columnName, text } from '../http/text.js';

const MAX_KEY_LENGTH = 1024;
const MAX_KEY_COLUMNS = 100;

const prefix = text(MAX_KEY_LENGTH, 0);
const bucket = text(63);
const pattern = text(200);
const schedule = text(100);
const timezone = z.string().refine(isTimezone, 'not an IANA time zone');
const keyColumns = z.array(columnName).max(MAX_KEY_COLUMNS);

const bundle = z.strictObject({
  /** The column of the file's name without its extension. */
  idColumn: columnName.default('user_id'),
  /** The column that tells whether there is an image of that name. */
  imageColumn: columnName.default('is_image_exists'),
  /** The column of where that image lies. */
  imagePathColumn: columnName.default('img_path'),
});

/** A place to write to; as text `bucket/prefix` of a source of kind s3, and the prefix of a folder. */
const publishTo = z.union([
  z.strictObject({ bucket: bucket.nullable().optional(), prefix: prefix.default('') }),
  text(MAX_KEY_LENGTH),
]);

export const newSourceBody = z.strictObject({
  customerId: z.uuid(),
  storeId: z.uuid().nullable().optional(),
  /** Which dataset is filled; a new one where it is absent. */
  datasetId: z.uuid().optional(),
  name: text(200).optional(),
  kind: z.enum(SOURCE_KINDS),
  /** Of kind s3 alone. */
  bucket: bucket.nullable().optional(),
  prefix: prefix.default(''),
  /** `*` within a name, `**` over folders, `{a,b}`; everything that can be read where it is absent. */
  pattern: pattern.optional(),
  /** Five cron fields, or `every 55m` from the last start; null where it is pulled on demand alone. */
  schedule: schedule.nullable().optional(),
  /** Of the cron fields; the store's where it is absent. */
  timezone: timezone.optional(),
  mode: z.enum(UPLOAD_MODES).optional(),
  keyColumns: keyColumns.optional(),
  /** Files of one record each, as one table with the files' names as ids. */
  bundle: bundle.nullable().optional(),
  /** Where the dataset is written as `output.csv` after each run. */
  publishTo: publishTo.nullable().optional(),
  paused: z.boolean().optional(),
});
export type NewSourceBody = z.infer<typeof newSourceBody>;

export const sourceChangeBody = z.strictObject({
  name: text(200).optional(),
  prefix: prefix.optional(),
  pattern: pattern.optional(),
  schedule: schedule.nullable().optional(),
  timezone: timezone.optional(),
  mode: z.enum(UPLOAD_MODES).optional(),
  keyColumns: keyColumns.optional(),
  publishTo: publishTo.nullable().optional(),
  paused: z.boolean().optional(),
});

export const sourceListQuery = z.strictObject({
  ...listQuery,
  customerId: z.uuid().optional(),
  datasetId: z.uuid().optional(),
  kind: z.enum(SOURCE_KINDS).optional(),
});

export const runListQuery = z.strictObject({ page: listQuery.page, pageSize: listQuery.pageSize });

/** The place that was meant: a source publishes to a place of its own kind unless a bucket is named. */
export function placeOf(
  given: z.infer<typeof publishTo> | null | undefined,
  isBucket: boolean,
): { bucket: string | null; prefix: string } | null | undefined {
  if (given === null || given === undefined) return given;
  if (typeof given !== 'string') return { bucket: given.bucket ?? null, prefix: given.prefix };
  if (!isBucket) return { bucket: null, prefix: given };
  const [name = '', ...rest] = given.split('/');
  return { bucket: name, prefix: rest.join('/') };
}
