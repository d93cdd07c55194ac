import { ActionIcon, Anchor, Button, Group, Indicator, Popover, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { Link } from 'wouter';
import { QueryState } from '../layout/query-state';
import { texts } from '../texts';
import { NotificationEntry } from './notification-entry';
import { useNotifications } from './notification-queries';
import { useReadAll } from './use-read-all';
import { useLiveEvents } from './use-live-events';

const SHOWN = 8;
const words = texts.notifications;

/** How much is unread, and the latest of it. */
export function NotificationBell() {
  useLiveEvents();
  const [isOpen, { toggle, close }] = useDisclosure();
  const notifications = useNotifications({ page: 1, pageSize: SHOWN });
  const readAll = useReadAll();
  const unread = notifications.data?.unreadCount ?? 0;
  return (
    <Popover
      opened={isOpen}
      onChange={(opened) => !opened && close()}
      width={360}
      position="bottom-end"
      trapFocus
    >
      <Indicator disabled={unread === 0} color="red" size={9} offset={4}>
        <Popover.Target>
          <ActionIcon variant="default" size="lg" onClick={toggle} aria-label={words.bell(String(unread))}>
            <IconBell size={18} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={words.title} p="xs">
        <Stack gap="xs">
          <Group justify="space-between">
            <Text fw={600}>{words.title}</Text>
            <Button
              size="compact-xs"
              variant="subtle"
              disabled={unread === 0}
              loading={readAll.isPending}
              onClick={() => readAll.mutate()}
            >
              {words.readAll}
            </Button>
          </Group>
          <QueryState query={notifications} isEmpty={({ count }) => count === 0} empty={words.empty}>
            {({ results }) =>
              results.map((notification) => (
                <NotificationEntry key={notification.id} notification={notification} />
              ))
            }
          </QueryState>
          <Anchor component={Link} href="/notifications" size="sm" ta="center" onClick={close}>
            {words.all}
          </Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
