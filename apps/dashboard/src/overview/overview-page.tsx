import { Button, SimpleGrid } from '@mantine/core';
import type { Dataset, ReportSummary } from '@app/api-client';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomer } from '../customers/customer-queries';
import { useCustomerRole } from '../customers/customer-role';
import { useDatasets } from '../datasets/dataset-queries';
import { formatDay, formatInteger, formatMoney } from '../format';
import { Figure } from '../layout/figure';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { Waiting } from '../layout/waiting';
import { useReports } from '../reports/report-queries';
import { texts } from '../texts';
import { Attention } from './attention';
import { Latest } from './latest';
import { LatestReport } from './latest-report';
import { comparable, pointsOf } from './points';

const OverTime = lazy(() => import('./over-time'));

/** What a customer's data tells at a glance: figures, what needs attention, who the shoppers are and how that changes. */
export default function OverviewPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const customer = useCustomer(customerId);
  const { canWrite } = useCustomerRole(customerId);
  const datasets = useDatasets(customerId);
  const reports = useReports(customerId);
  const home = `/customers/${customerId}`;
  return (
    <Page
      title={customer.data?.name ?? texts.navigation.overview}
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
        {({ results }) => (
          <QueryState query={reports}>
            {({ results: made }) => <Glance customerId={customerId} datasets={results} reports={made} />}
          </QueryState>
        )}
      </QueryState>
    </Page>
  );
}

interface GlanceProps {
  customerId: string;
  datasets: readonly Dataset[];
  reports: readonly ReportSummary[];
}

function Glance({ customerId, datasets, reports }: GlanceProps) {
  const finished = comparable(reports.filter(({ status }) => status === 'succeeded'));
  const [latest] = finished;
  const points = pointsOf(finished, formatDay);
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure label={texts.overview.shoppers} value={formatInteger(latest?.data.shoppers)} />
        <Figure
          label={texts.overview.revenue}
          value={formatMoney(latest?.data.revenue, latest?.data.currency)}
        />
        <Figure label={texts.overview.segments} value={formatInteger(latest?.k)} />
        <Figure
          label={texts.overview.rows}
          value={formatInteger(datasets.reduce((sum, { rowCount }) => sum + rowCount, 0))}
        />
      </SimpleGrid>
      <Attention customerId={customerId} hasReport={latest !== undefined} />
      {latest !== undefined && <LatestReport report={latest} />}
      {points.length > 1 && (
        <Suspense fallback={<Waiting />}>
          <OverTime points={points} />
        </Suspense>
      )}
      <Latest customerId={customerId} reports={reports} />
    </>
  );
}
