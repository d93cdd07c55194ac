import { Anchor, Button } from '@mantine/core';
import type { ReportSummary } from '@app/api-client';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useCustomerRole } from '../customers/customer-role';
import { formatDay, formatInteger, formatNumber, formatTime } from '../format';
import type { ListColumn } from '../layout/list-table';
import { Page } from '../layout/page';
import { PagedList } from '../layout/paged-list';
import { StatusBadge } from '../layout/status-badge';
import { texts } from '../texts';
import { REPORTS_PER_PAGE, useReports } from './report-queries';

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
  const [page, setPage] = useState(1);
  const reports = useReports(customerId, page);
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
      <PagedList
        query={reports}
        empty={texts.reports.empty}
        keyOf={({ id }) => id}
        columns={COLUMNS}
        pageSize={REPORTS_PER_PAGE}
        page={page}
        onPage={setPage}
      />
    </Page>
  );
}
