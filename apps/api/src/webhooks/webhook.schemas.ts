import { DELIVERY_STATUSES, type ListedDelivery, NOTICE_TYPE_NAMES } from '@app/notifications';
import type { WebhookEntity } from '@app/webhooks';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';
import { text } from '../http/text.js';
import { taskResponse } from '../tasks/task.schemas.js';

const events = z
  .array(z.enum(NOTICE_TYPE_NAMES))
  .min(1)
  .transform((names) => [...new Set(names)]);

export const webhookResponse = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.enum(NOTICE_TYPE_NAMES)),
  enabled: z.boolean(),
  disabledReason: z.string().nullable().meta({ description: 'Why it was disabled without anybody’s doing.' }),
  createdBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type WebhookResponse = z.infer<typeof webhookResponse>;

export const webhookPage = pageOf(webhookResponse);

export const webhookWithSecret = webhookResponse.extend({
  secret: z.string().meta({ description: 'Verifies what is sent (standardwebhooks.com); shown this once.' }),
});
export type WebhookWithSecret = z.infer<typeof webhookWithSecret>;

export const toWebhookResponse = (webhook: WebhookEntity): WebhookResponse => ({
  id: webhook.id,
  customerId: webhook.customerId,
  url: webhook.url,
  description: webhook.description,
  events: webhook.events,
  enabled: webhook.enabled,
  disabledReason: webhook.disabledReason,
  createdBy: webhook.createdBy,
  createdAt: webhook.createdAt.toISOString(),
  updatedAt: webhook.updatedAt.toISOString(),
});

export const webhookListQuery = z.strictObject({ ...listQuery, customerId: z.uuid().optional() });
export type WebhookListQuery = z.infer<typeof webhookListQuery>;

const address = z.string().trim().min(1).max(2000);

export const newWebhookBody = z.strictObject({
  customerId: z.uuid(),
  url: address,
  description: text(200, 0).default(''),
  events: events.default([...NOTICE_TYPE_NAMES]),
});
export type NewWebhookBody = z.infer<typeof newWebhookBody>;

export const webhookChangesBody = z.strictObject({
  url: address.optional(),
  description: text(200, 0).optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
});
export type WebhookChangesBody = z.infer<typeof webhookChangesBody>;

export const deliveryResponse = z.object({
  id: z.uuid(),
  webhookId: z.uuid().nullable(),
  messageId: z.string().meta({ description: 'The webhook-id header: the same in every attempt.' }),
  type: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.array(
    z.object({
      at: z.iso.datetime(),
      delivered: z.boolean(),
      status: z.number().int().nullable(),
      error: z.string().nullable(),
      milliseconds: z.number(),
    }),
  ),
  nextAttemptAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  taskId: z.uuid(),
  createdAt: z.iso.datetime(),
});
export type DeliveryResponse = z.infer<typeof deliveryResponse>;

export const deliveryPage = pageOf(deliveryResponse);
export const orderedDelivery = z.object({ delivery: deliveryResponse, task: taskResponse });
export type OrderedDelivery = z.infer<typeof orderedDelivery>;

export const deliveryListQuery = z.strictObject({
  page: listQuery.page,
  pageSize: listQuery.pageSize,
  ordering: listQuery.ordering,
  status: z.enum(DELIVERY_STATUSES).optional(),
});
export type DeliveryListQuery = z.infer<typeof deliveryListQuery>;

export const toDeliveryResponse = (delivery: ListedDelivery): DeliveryResponse => ({
  id: delivery.id,
  webhookId: delivery.webhookId,
  messageId: `msg_${delivery.noticeId}`,
  type: delivery.type,
  status: delivery.status,
  attempts: delivery.attempts.map(({ at, delivered, status, error, milliseconds }) => ({
    at,
    delivered,
    status,
    error,
    milliseconds,
  })),
  nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
  deliveredAt: delivery.deliveredAt?.toISOString() ?? null,
  taskId: delivery.taskId,
  createdAt: delivery.createdAt.toISOString(),
});
