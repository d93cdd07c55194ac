import type { AuditEntryEntity } from '@app/audit';
import { z } from 'zod';
import { listQuery, pageOf } from '../../http/listing.js';
import { text } from '../../http/text.js';

const name = z.string().nullable();

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
  /** Of those that are still there; null for what was deleted or has no name. */
  names: z.object({
    /** An e-mail address. */
    actor: name,
    apiKey: name,
    customer: name,
    resource: name,
  }),
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

export const toAuditEntry = (
  entry: AuditEntryEntity,
  names: ReadonlyMap<string, string>,
): AuditEntryResponse => ({
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
  names: {
    actor: nameOf(names, entry.actorId),
    apiKey: nameOf(names, entry.apiKeyId),
    customer: nameOf(names, entry.customerId),
    resource: nameOf(names, entry.resourceId),
  },
});

const nameOf = (names: ReadonlyMap<string, string>, id: string | null): string | null =>
  id === null ? null : (names.get(id) ?? null);
