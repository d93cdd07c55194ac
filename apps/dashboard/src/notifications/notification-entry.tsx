import { Anchor, Group, Text } from '@mantine/core';
import { answer, type Notification } from '@app/api-client';
import { Link } from 'wouter';
import { formatTime } from '../format';
import { useChange } from '../layout/use-change';
import { useApi } from '../session/session-provider';
import classes from './notification-entry.module.css';

/** What it tells, with the way to what it tells of; opened, it is read. */
export function NotificationEntry({ notification }: { notification: Notification }) {
  const { id, title, text, read, createdAt } = notification;
  const api = useApi();
  const params = { path: { notificationId: id } };
  const reading = useChange(
    () => answer(api.POST('/api/v1/notifications/{notificationId}/read', { params })),
    ['notifications'],
  );
  return (
    <div className={classes.entry} data-unread={!read}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Anchor
          component={Link}
          href={placeOf(notification)}
          fw={read ? 400 : 600}
          size="sm"
          onClick={() => !read && reading.mutate()}
        >
          {title}
        </Anchor>
        <Text size="xs" c="dimmed" className={classes.time ?? ''}>
          {formatTime(createdAt)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </div>
  );
}

/** The page that shows what a notification tells of. */
function placeOf({ customerId, reportId, uploadId, datasetId, type }: Notification): string {
  const home = `/customers/${customerId}`;
  if (reportId !== null) return `${home}/reports/${reportId}`;
  if (uploadId !== null) return `${home}/uploads/${uploadId}`;
  if (datasetId !== null) return `${home}/datasets/${datasetId}`;
  if (type === 'webhook.disabled') return `${home}/webhooks`;
  if (type === 'source.failed') return `${home}/sources`;
  return home;
}
