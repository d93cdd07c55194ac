import type { AuditEntryEntity } from '@app/audit';
import { z } from 'zod';
import { listQuery, pageOf } from '../../http/listing.js';
import { text } from '../../http/text.js';

export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string(),
  actorId: z.uuid().nullable(),
  apiKeyId: z.uuid().nullable(),
  customerId: z.uuid().nullable(),
  resourceType: z.string().nullable(),
  resourceId: z.string().nullable(),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryResponse = z.infer<typeof auditEntrySchema>;

export const auditPage = pageOf(auditEntrySchema);

const moment = z.iso
  .datetime({ offset: true })
  .transform((given) => new Date(given))
  .optional();

export const auditQuery = z.strictObject({
  ...listQuery,
  customerId: z.uuid().optional(),
  actorId: z.uuid().optional(),
  apiKeyId: z.uuid().optional(),
  action: text(100).optional(),
  resourceType: text(100).optional(),
  resourceId: text(200).optional(),
  requestId: text(128).optional(),
  from: moment,
  to: moment,
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const toAuditEntry = (entry: AuditEntryEntity): AuditEntryResponse => ({
  id: entry.id,
  at: entry.at.toISOString(),
  action: entry.action,
  actorId: entry.actorId,
  apiKeyId: entry.apiKeyId,
  customerId: entry.customerId,
  resourceType: entry.resourceType,
  resourceId: entry.resourceId,
  requestId: entry.requestId,
  address: entry.address,
  details: { ...entry.details },
});
