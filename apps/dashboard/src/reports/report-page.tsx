import { Alert, Button, Group, Paper, SimpleGrid, Stack, Tabs } from '@mantine/core';
import type { Report } from '@app/api-client';
import { IconPrinter } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatDay, formatInteger, formatMoney, formatNumber, formatTime } from '../format';
import { DownloadButton } from '../layout/download-button';
import { Figure } from '../layout/figure';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { Waiting } from '../layout/waiting';
import { StopButton } from '../tasks/task-actions';
import { useStores } from '../stores/store-queries';
import { texts } from '../texts';
import { TaskProgress } from '../tasks/task-progress';
import { useTask } from '../tasks/use-task';
import { CentroidTable } from './centroid-table';
import { MembersTable } from './members-table';
import { useReport, useReportTask } from './report-queries';
import { RfmPanel } from './rfm-panel';
import { StoreReports } from './store-reports';
import { SegmentCard } from './segment-card';

const ReportCharts = lazy(() => import('./report-charts'));

export default function ReportPage() {
  const { reportId } = useParams<{ reportId: string }>();
  const report = useReport(reportId);
  return <QueryState query={report}>{(found) => <ReportDetail key={found.id} report={found} />}</QueryState>;
}

function ReportDetail({ report }: { report: Report }) {
  const stores = useStores(report.customerId);
  const store = stores.data?.results.find(({ id }) => id === report.storeId);
  const isRunning = report.status === 'queued' || report.status === 'running';
  return (
    <Page
      title={texts.reports.titleAsOf(formatDay(report.data.asOf ?? report.createdAt))}
      lead={[formatTime(report.createdAt), store?.name].filter((part) => part !== undefined).join(' · ')}
      actions={
        <>
          <StatusBadge status={report.status} />
          {report.status === 'succeeded' && (
            <>
              <Button
                component={Link}
                href={`/customers/${report.customerId}/reports/${report.id}/compare`}
                size="compact-sm"
                variant="default"
              >
                {texts.reports.compare}
              </Button>
              <DownloadButton
                path={`/api/v1/reports/${report.id}/export?format=csv`}
                label={texts.reports.members}
              />
              <DownloadButton
                path={`/api/v1/reports/${report.id}/page`}
                label={texts.reports.print}
                icon={IconPrinter}
                inNewTab
              />
            </>
          )}
        </>
      }
    >
      {isRunning && <RunningReport report={report} />}
      {report.error !== null && (
        <Alert color="red" title={texts.problem.title}>
          {report.error.message}
        </Alert>
      )}
      {report.children !== null && <StoreReports report={report} />}
      {report.status === 'succeeded' && report.segments.length > 0 && <FinishedReport report={report} />}
    </Page>
  );
}

function RunningReport({ report }: { report: Report }) {
  const { canWrite } = useCustomerRole(report.customerId);
  const { data: found } = useReportTask(report.customerId, report.id, true);
  const { task, problem } = useTask(found?.id);
  return (
    <Paper withBorder p="md">
      <Stack align="stretch" gap="sm">
        <TaskProgress task={task} />
        <ProblemAlert problem={problem} />
        {task !== undefined && canWrite && (
          <Group>
            <StopButton task={task} />
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function FinishedReport({ report }: { report: Report }) {
  const { data, quality, segments } = report;
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label={texts.overview.shoppers} value={formatInteger(data.shoppers)} />
        <Figure label={texts.overview.revenue} value={formatMoney(data.revenue, data.currency)} />
        <Figure label={texts.overview.segments} value={formatInteger(segments.length)} />
        <Figure label={texts.reports.silhouette} value={formatNumber(quality?.silhouette)} />
      </SimpleGrid>
      <Tabs defaultValue="segments" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="segments">{texts.overview.segments}</Tabs.Tab>
          <Tabs.Tab value="habits">{texts.reports.habits}</Tabs.Tab>
          <Tabs.Tab value="charts">{texts.reports.charts}</Tabs.Tab>
          {report.rfm !== null && <Tabs.Tab value="rfm">{texts.rfm.title}</Tabs.Tab>}
          <Tabs.Tab value="members">{texts.reports.members}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="segments" pt="md">
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {segments.map((segment) => (
              <SegmentCard key={segment.index} segment={segment} features={report.features} />
            ))}
          </SimpleGrid>
        </Tabs.Panel>
        <Tabs.Panel value="habits" pt="md">
          <CentroidTable report={report} />
        </Tabs.Panel>
        <Tabs.Panel value="charts" pt="md">
          <Suspense fallback={<Waiting />}>
            <ReportCharts report={report} />
          </Suspense>
        </Tabs.Panel>
        {report.rfm !== null && (
          <Tabs.Panel value="rfm" pt="md">
            <RfmPanel rfm={report.rfm} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="members" pt="md">
          <MembersTable report={report} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
