import {
  CHANNELS,
  type Effective,
  type Notification,
  NOTICE_TYPE_NAMES,
  type NoticeType,
} from '@app/notifications';
import { z } from 'zod';
import { listQuery, pageOf } from '../http/listing.js';

export const notificationResponse = z.object({
  id: z.uuid(),
  type: z.enum(NOTICE_TYPE_NAMES),
  title: z.string(),
  text: z.string(),
  customerId: z.uuid(),
  datasetId: z.uuid().nullable(),
  uploadId: z.uuid().nullable(),
  reportId: z.uuid().nullable(),
  taskId: z.uuid().nullable(),
  data: z.record(z.string(), z.unknown()).meta({ description: 'Figures, by the type of the notification.' }),
  read: z.boolean(),
  readAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type NotificationResponse = z.infer<typeof notificationResponse>;

export const notificationPage = pageOf(notificationResponse).extend({
  unreadCount: z.number().int().meta({ description: 'All of the caller that are unread.' }),
});
export type NotificationPage = z.infer<typeof notificationPage>;

export const toNotificationResponse = (notification: Notification): NotificationResponse => ({
  id: notification.id,
  type: notification.type,
  title: notification.title,
  text: notification.text,
  customerId: notification.customerId,
  datasetId: notification.datasetId,
  uploadId: notification.uploadId,
  reportId: notification.reportId,
  taskId: notification.taskId,
  data: { ...notification.data },
  read: notification.readAt !== null,
  readAt: notification.readAt?.toISOString() ?? null,
  createdAt: notification.createdAt.toISOString(),
});

export const notificationListQuery = z.strictObject({
  ...listQuery,
  customerId: z.uuid().optional(),
  unread: z.enum(['true', 'false']).optional(),
  type: z.enum(NOTICE_TYPE_NAMES).optional(),
});
export type NotificationListQuery = z.infer<typeof notificationListQuery>;

export const readAllBody = z.strictObject({ customerId: z.uuid().optional() }).default({});
export type ReadAllBody = z.infer<typeof readAllBody>;

export const readAllResponse = z.object({ read: z.number().int() });

const channels = z.array(z.enum(CHANNELS)).transform((names) => [...new Set(names)]);

export const choicesBody = z.strictObject({
  events: z
    .partialRecord(z.enum(NOTICE_TYPE_NAMES), channels.nullable())
    .meta({ description: 'Channels by event; null leaves an event to whoever is asked next.' }),
});
export type ChoicesBody = z.infer<typeof choicesBody>;

export const choicesResponse = z.object({
  customerId: z.uuid(),
  events: z.record(
    z.enum(NOTICE_TYPE_NAMES),
    z.object({ channels: z.array(z.enum(CHANNELS)), chosenBy: z.enum(['user', 'customer', 'default']) }),
  ),
});
export type ChoicesResponse = z.infer<typeof choicesResponse>;

export const toChoicesResponse = (customerId: string, effective: Effective): ChoicesResponse => ({
  customerId,
  events: Object.fromEntries(
    NOTICE_TYPE_NAMES.map((type: NoticeType) => [type, effective[type]]),
  ) as ChoicesResponse['events'],
});
