import { Anchor, Group, Stack, Text } from '@mantine/core';
import type { Report } from '@app/api-client';
import { Link } from 'wouter';
import { Panel } from '../layout/panel';
import { StatusBadge } from '../layout/status-badge';
import { useStores } from '../stores/store-queries';
import { texts } from '../texts';

/** The reports of single stores beside the one over all of them. */
export function StoreReports({ report: { customerId, children } }: { report: Report }) {
  const stores = useStores(customerId);
  const nameOf = (storeId: string) => stores.data?.results.find(({ id }) => id === storeId)?.name ?? storeId;
  return (
    <Panel title={texts.reports.ofStores}>
      <Stack gap="xs">
        {(children ?? []).map(({ storeId, reportId, status, error }) => (
          <Group key={storeId} gap="sm">
            {reportId === null ? (
              <Text size="sm">{nameOf(storeId)}</Text>
            ) : (
              <Anchor component={Link} href={`/customers/${customerId}/reports/${reportId}`} size="sm">
                {nameOf(storeId)}
              </Anchor>
            )}
            {status !== null && <StatusBadge status={status} />}
            {error !== null && (
              <Text size="sm" c="dimmed">
                {error.message}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
