import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { Page } from '../layout/page';
import { Pager } from '../layout/pager';
import { QueryState } from '../layout/query-state';
import { texts } from '../texts';
import { NotificationEntry } from './notification-entry';
import { useNotifications } from './notification-queries';
import { useReadAll } from './use-read-all';

const PAGE_SIZE = 20;
const words = texts.notifications;

export default function NotificationsPage() {
  const [page, setPage] = useState(1);
  const notifications = useNotifications({ page, pageSize: PAGE_SIZE });
  const readAll = useReadAll();
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Button variant="default" loading={readAll.isPending} onClick={() => readAll.mutate()}>
          {words.readAll}
        </Button>
      }
    >
      <QueryState query={notifications} isEmpty={({ count }) => count === 0} empty={words.empty}>
        {({ count, results }) => (
          <Stack gap="xs" maw={720}>
            {results.map((notification) => (
              <NotificationEntry key={notification.id} notification={notification} />
            ))}
            <Pager count={count} pageSize={PAGE_SIZE} page={page} onPage={setPage} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}
