import { Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { answer, type ReportSummary } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { formatDay, formatInteger, formatTime } from '../format';
import { StatusBadge } from '../layout/status-badge';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const SHOWN = 5;
const words = texts.overview;

/** The latest files and reports of a customer, and what became of them. */
export function Latest({ customerId, reports }: { customerId: string; reports: readonly ReportSummary[] }) {
  const uploads = useLatestUploads(customerId);
  const home = `/customers/${customerId}`;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Entries title={words.latestUploads}>
        {(uploads.data ?? []).map(({ id, fileName, status, rowCount, createdAt }) => (
          <Entry
            key={id}
            href={`${home}/uploads/${id}`}
            label={fileName}
            note={`${formatTime(createdAt)} · ${words.rowsOf(formatInteger(rowCount))}`}
            status={status}
          />
        ))}
      </Entries>
      <Entries title={words.latestReports}>
        {reports.slice(0, SHOWN).map(({ id, status, createdAt, data, k }) => (
          <Entry
            key={id}
            href={`${home}/reports/${id}`}
            label={texts.reports.titleAsOf(formatDay(data.asOf ?? createdAt))}
            note={`${formatTime(createdAt)} · ${words.shoppersIn(formatInteger(data.shoppers), formatInteger(k))}`}
            status={status}
          />
        ))}
      </Entries>
    </SimpleGrid>
  );
}

/** By the tasks that read them: files of all datasets, the newest first. */
function useLatestUploads(customerId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['latest-uploads', customerId],
    queryFn: async () => {
      const { results } = await answer(
        api.GET('/api/v1/tasks', {
          params: { query: { customerId, kind: 'ingest', ordering: '-createdAt', pageSize: SHOWN } },
        }),
      );
      const ids = [...new Set(results.flatMap(({ uploadId }) => uploadId ?? []))];
      const found = await Promise.all(
        ids.map((uploadId) => api.GET('/api/v1/uploads/{uploadId}', { params: { path: { uploadId } } })),
      );
      // One that was undone has no page any more.
      return found.flatMap(({ data }) => data ?? []);
    },
  });
}

function Entries({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <Stack gap="xs">{children}</Stack>
    </Paper>
  );
}

interface EntryProps {
  href: string;
  label: string;
  note: string;
  status: string;
}

function Entry({ href, label, note, status }: EntryProps) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <div>
        <Anchor component={Link} href={href} size="sm" className="breakable">
          {label}
        </Anchor>
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      </div>
      <StatusBadge status={status} />
    </Group>
  );
}
