import { DATASET_KINDS, type DatasetView, rolesOf } from '@app/datasets';
import { DUPLICATE_POLICIES } from '@app/frames';
import { z } from 'zod';
import { roleSchema } from '../uploads/role.response.js';
import { columnSchema, toColumn } from '../uploads/upload.response.js';

export const datasetSchema = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  storeId: z.uuid().nullable(),
  name: z.string(),
  description: z.string(),
  /** Null until it is given or the first upload is read. */
  kind: z.enum(DATASET_KINDS).nullable(),
  mapping: z.object({
    roles: z.record(z.string(), z.string()),
    columns: z.record(
      z.string(),
      z.object({
        type: z.string().optional(),
        decimal: z.string().optional(),
        dateOrder: z.string().optional(),
        as: z.string().optional(),
      }),
    ),
  }),
  /** Which column plays which role, how sure that is (0…1) and by whose word; empty until there are columns. */
  roles: z.array(roleSchema),
  duplicates: z.enum(DUPLICATE_POLICIES),
  maxRejectedShare: z.number().nullable(),
  columns: z.array(columnSchema),
  rowCount: z.number().int(),
  uploadCount: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export type DatasetResponse = z.infer<typeof datasetSchema>;

export function toDataset({
  dataset,
  columns,
  distinctCounts,
  rowCount,
  uploadCount,
}: DatasetView): DatasetResponse {
  const { id, customerId, storeId, name, description, kind, mapping, createdAt, updatedAt } = dataset;
  const { duplicates, maxRejectedShare } = dataset;
  return {
    id,
    customerId,
    storeId,
    name,
    description,
    kind,
    mapping,
    roles: rolesOf(dataset, columns),
    duplicates,
    maxRejectedShare,
    columns: columns.map((column, index) => ({
      ...toColumn(column),
      distinct: distinctCounts?.[index] ?? null,
    })),
    rowCount,
    uploadCount,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
