import type { BundleView } from '@app/datasets';
import { TASK_STATUSES } from '@app/tasks';
import { z } from 'zod';
import { datasetSchema, toDataset } from '../datasets/dataset.response.js';
import { text } from '../http/text.js';
import { linkSchema, toLink } from '../links/link.schemas.js';
import { taskResponse, toTaskResponse } from '../tasks/task.schemas.js';
import { dialectTexts, jsonText } from '../uploads/upload-form.js';
import { toUpload, uploadSchema } from '../uploads/upload.response.js';

const MAX_LINKS = 100;
/** A file's name, a dot and a column's name. */
const end = z.string().min(1).max(5000);

export const bundleFields = z.strictObject({
  customerId: z.uuid(),
  name: text(200),
  storeId: z.uuid().optional(),
  links: jsonText(
    z.array(z.strictObject({ name: text(200).optional(), from: end, to: end })).max(MAX_LINKS),
  ).default([]),
  ...dialectTexts,
});

export const BUNDLE_FORM = {
  type: 'object',
  required: ['customerId', 'name', 'files'],
  properties: {
    customerId: { type: 'string', format: 'uuid' },
    name: { type: 'string' },
    storeId: { type: 'string', format: 'uuid' },
    links: {
      type: 'string',
      description:
        'JSON: [{"from": "file.column", "to": "file.column", "name"?}], the files with or without their ending',
    },
    encoding: { type: 'string' },
    delimiter: { type: 'string' },
    header: { type: 'string', enum: ['true', 'false'] },
    decimal: { type: 'string', enum: ['.', ','] },
    dateOrder: { type: 'string', enum: ['dmy', 'mdy', 'ymd'] },
    files: {
      type: 'array',
      items: { type: 'string', format: 'binary' },
      description: 'CSV files, each a part of this name. Best sent after the other parts.',
    },
  },
};

export const bundleSchema = z.object({
  bundle: z.object({
    id: z.uuid(),
    customerId: z.uuid(),
    name: z.string(),
    /** That of the task which reads all files. */
    status: z.enum(TASK_STATUSES),
    taskId: z.uuid(),
    links: z.array(linkSchema),
    createdAt: z.iso.datetime(),
  }),
  /** In the order of the files. */
  datasets: z.array(datasetSchema),
  uploads: z.array(uploadSchema),
  task: taskResponse,
});
export type BundleResponse = z.infer<typeof bundleSchema>;

export const toBundle = ({ bundle, datasets, uploads, links, task }: BundleView): BundleResponse => ({
  bundle: {
    id: bundle.id,
    customerId: bundle.customerId,
    name: bundle.name,
    status: task.status,
    taskId: bundle.taskId,
    links: links.map(toLink),
    createdAt: bundle.createdAt.toISOString(),
  },
  datasets: datasets.map(toDataset),
  uploads: uploads.map(toUpload),
  task: toTaskResponse(task),
});
