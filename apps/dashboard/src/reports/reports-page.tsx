import { Anchor, Button } from '@mantine/core';
import type { ReportSummary } from '@app/api-client';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatDay, formatInteger, formatNumber, formatTime } from '../format';
import { type ListColumn, ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { texts } from '../texts';
import { useReports } from './report-queries';

const COLUMNS: ListColumn<ReportSummary>[] = [
  {
    header: texts.fields.created,
    render: ({ id, customerId, createdAt }) => (
      <Anchor component={Link} href={`/customers/${customerId}/reports/${id}`}>
        {formatTime(createdAt)}
      </Anchor>
    ),
  },
  { header: texts.fields.status, render: ({ status }) => <StatusBadge status={status} /> },
  { header: texts.reports.asOf, render: ({ data }) => formatDay(data.asOf) },
  { header: texts.overview.shoppers, isNumeric: true, render: ({ data }) => formatInteger(data.shoppers) },
  { header: texts.overview.segments, isNumeric: true, render: ({ k }) => formatInteger(k) },
  {
    header: texts.reports.silhouette,
    isNumeric: true,
    render: ({ quality }) => formatNumber(quality?.silhouette),
  },
];

export default function ReportsPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { canWrite } = useCustomerRole(customerId);
  const reports = useReports(customerId);
  return (
    <Page
      title={texts.reports.title}
      lead={texts.reports.lead}
      actions={
        canWrite && (
          <Button component={Link} href={`/customers/${customerId}/reports/new`}>
            {texts.reports.create}
          </Button>
        )
      }
    >
      <QueryState query={reports} isEmpty={({ count }) => count === 0} empty={texts.reports.empty}>
        {({ results }) => <ListTable items={results} keyOf={({ id }) => id} columns={COLUMNS} />}
      </QueryState>
    </Page>
  );
}
