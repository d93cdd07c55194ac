import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { answer, type ReportSummary } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { formatDay, formatInteger, formatTime } from '../format';
import { Panel } from '../layout/panel';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const SHOWN = 5;
const LOOK_AGAIN_MS = 3_000;
const words = texts.overview;

/** The latest files and reports of a customer, and what became of them. */
export function Latest({ customerId, reports }: { customerId: string; reports: readonly ReportSummary[] }) {
  const uploads = useLatestUploads(customerId);
  const home = `/customers/${customerId}`;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Panel title={words.latestUploads}>
        <QueryState query={uploads} isEmpty={({ length }) => length === 0} empty={texts.datasets.noUploads}>
          {(found) => (
            <Stack gap="xs">
              {found.map(({ id, fileName, status, rowCount, createdAt }) => (
                <Entry
                  key={id}
                  href={`${home}/uploads/${id}`}
                  label={fileName}
                  note={`${formatTime(createdAt)} · ${texts.rowsOf(formatInteger(rowCount))}`}
                  status={status}
                />
              ))}
            </Stack>
          )}
        </QueryState>
      </Panel>
      {reports.length > 0 && (
        <Panel title={words.latestReports}>
          <Stack gap="xs">
            {reports.slice(0, SHOWN).map(({ id, status, createdAt, data, k }) => (
              <Entry
                key={id}
                href={`${home}/reports/${id}`}
                label={texts.reports.titleAsOf(formatDay(data.asOf ?? createdAt))}
                note={`${formatTime(createdAt)} · ${words.shoppersIn(formatInteger(data.shoppers), formatInteger(k))}`}
                status={status}
              />
            ))}
          </Stack>
        </Panel>
      )}
    </SimpleGrid>
  );
}

/** By the tasks that read them: files of all datasets, the newest first. */
function useLatestUploads(customerId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['latest-uploads', customerId],
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ status }) => status === 'queued' || status === 'processing') === true && LOOK_AGAIN_MS,
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
