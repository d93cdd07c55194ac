import { LINK_STATUSES, type LinkView } from '@app/datasets';
import { z } from 'zod';
import { cellSchema } from '../datasets/questions/question.response.js';
import { listQuery } from '../http/listing.js';
import { columnName, text } from '../http/text.js';

export const newLinkBody = z.strictObject({
  /** How nested rows are called. */
  name: text(200).optional(),
  fromDatasetId: z.uuid(),
  fromColumn: columnName,
  toDatasetId: z.uuid(),
  toColumn: columnName,
});

export const linkListQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  customerId: z.uuid().optional(),
  /** On whichever side. */
  datasetId: z.uuid().optional(),
});

export const orphansQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  format: z.enum(['json', 'csv']).optional(),
  raw: z.enum(['true', 'false']).optional(),
});

const count = z.number().int().nullable();

export const linkSchema = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  name: z.string().nullable(),
  fromDatasetId: z.uuid(),
  fromColumn: z.string(),
  toDatasetId: z.uuid(),
  toColumn: z.string(),
  bundleId: z.uuid().nullable(),
  status: z.enum(LINK_STATUSES),
  /** Of the rows that point at something, the share, 0…1, that finds it; null where none does point. */
  matchRate: z.number().nullable(),
  /** Rows of the dataset that points. */
  rowCount: count,
  nullCount: count,
  matchedCount: count,
  orphanCount: count,
  /** Different values of orphans. */
  orphanValueCount: count,
  /** Values that several rows of the dataset pointed at have. */
  ambiguousValueCount: count,
  checkedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type LinkResponse = z.infer<typeof linkSchema>;

export const orphanSchema = z.object({
  value: cellSchema,
  uploadId: z.uuid(),
  /** Among the rows of the upload that were accepted, from 1. */
  rowNumber: z.number().int(),
  row: z.record(z.string(), cellSchema),
});

export function toLink({ link, status }: LinkView): LinkResponse {
  const check = status === 'checked' || status === 'outdated' ? link.lastCheck : null;
  const counts = check?.counts;
  const pointing = counts === undefined ? 0 : counts.matched + counts.orphans;
  return {
    id: link.id,
    customerId: link.customerId,
    name: link.name,
    fromDatasetId: link.fromDatasetId,
    fromColumn: link.fromColumn,
    toDatasetId: link.toDatasetId,
    toColumn: link.toColumn,
    bundleId: link.bundleId,
    status,
    matchRate: counts === undefined || pointing === 0 ? null : counts.matched / pointing,
    rowCount: counts?.rows ?? null,
    nullCount: counts?.nulls ?? null,
    matchedCount: counts?.matched ?? null,
    orphanCount: counts?.orphans ?? null,
    orphanValueCount: counts?.orphanValues ?? null,
    ambiguousValueCount: counts?.ambiguousValues ?? null,
    checkedAt: check?.at ?? null,
    createdAt: link.createdAt.toISOString(),
  };
}
