import { Alert, Anchor, Button, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { answer, type ReportSummary } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomers } from '../customers/customer-queries';
import { useCustomerRole } from '../customers/customer-role';
import { useDatasets } from '../datasets/dataset-queries';
import { formatInteger, formatShare, formatTime } from '../format';
import { Figure } from '../layout/figure';
import { Page } from '../layout/page';
import { Empty, QueryState } from '../layout/query-state';
import { useReport, useReports } from '../reports/report-queries';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';

const SegmentsOverTime = lazy(() => import('./segments-over-time'));

export default function OverviewPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const customers = useCustomers();
  const { canWrite } = useCustomerRole(customerId);
  const datasets = useDatasets(customerId);
  const reports = useReports(customerId);
  const name = customers.data?.results.find(({ id }) => id === customerId)?.name;
  const home = `/customers/${customerId}`;
  return (
    <Page
      title={name ?? texts.navigation.overview}
      actions={
        canWrite && (
          <>
            <Button component={Link} href={`${home}/upload`} variant="default">
              {texts.upload.title}
            </Button>
            <Button component={Link} href={`${home}/reports/new`}>
              {texts.reports.create}
            </Button>
          </>
        )
      }
    >
      <QueryState query={datasets} isEmpty={({ count }) => count === 0} empty={texts.overview.start}>
        {({ results }) => {
          const finished = (reports.data?.results ?? []).filter(({ status }) => status === 'succeeded');
          const latest = finished[0];
          return (
            <>
              <SimpleGrid cols={{ base: 2, sm: 4 }}>
                <Figure label={texts.overview.shoppers} value={formatInteger(latest?.data.shoppers)} />
                <Figure label={texts.overview.revenue} value={formatInteger(latest?.data.revenue)} />
                <Figure label={texts.overview.segments} value={formatInteger(latest?.k)} />
                <Figure
                  label={texts.overview.rows}
                  value={formatInteger(results.reduce((sum, { rowCount }) => sum + rowCount, 0))}
                />
              </SimpleGrid>
              <Attention customerId={customerId} hasReport={latest !== undefined} />
              {latest !== undefined && <LatestReport report={latest} />}
              {finished.length > 1 && (
                <Suspense>
                  <SegmentsOverTime reports={finished} />
                </Suspense>
              )}
            </>
          );
        }}
      </QueryState>
    </Page>
  );
}

/** What failed lately, or what there is to do next. */
function Attention({ customerId, hasReport }: { customerId: string; hasReport: boolean }) {
  const api = useApi();
  const failed = useQuery({
    queryKey: ['failed-tasks', customerId],
    queryFn: () =>
      answer(
        api.GET('/api/v1/tasks', {
          params: { query: { customerId, status: 'failed', ordering: '-createdAt', pageSize: 5 } },
        }),
      ),
  });
  const tasks = failed.data?.results ?? [];
  if (tasks.length === 0 && hasReport) return null;
  return (
    <Alert color={tasks.length > 0 ? 'yellow' : 'brand'} title={texts.overview.attention}>
      <Stack gap={4}>
        {!hasReport && <Text size="sm">{texts.overview.noReport}</Text>}
        {tasks.map(({ id, kind, error, createdAt }) => (
          <Text key={id} size="sm">
            {formatTime(createdAt)} · {texts.overview.failedTask(kind, error?.message ?? '')}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

function LatestReport({ report }: { report: ReportSummary }) {
  const whole = useReport(report.id);
  return (
    <Paper withBorder p="md">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.overview.latestReport}
        </Title>
        <Anchor component={Link} href={`/customers/${report.customerId}/reports/${report.id}`}>
          {formatTime(report.createdAt)}
        </Anchor>
      </Group>
      <QueryState query={whole}>
        {({ segments }) =>
          segments.length === 0 ? (
            <Empty>{texts.none}</Empty>
          ) : (
            <Table.ScrollContainer minWidth={520}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{texts.reports.segment}</Table.Th>
                    <Table.Th className="numeric">{texts.overview.shoppers}</Table.Th>
                    <Table.Th className="numeric">{texts.overview.revenue}</Table.Th>
                    <Table.Th>{texts.reports.action}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {segments.map(({ index, label, share, revenueShare, action }) => (
                    <Table.Tr key={index}>
                      <Table.Td fw={600}>{label}</Table.Td>
                      <Table.Td className="numeric">{formatShare(share)}</Table.Td>
                      <Table.Td className="numeric">{formatShare(revenueShare)}</Table.Td>
                      <Table.Td>{action}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </QueryState>
    </Paper>
  );
}
