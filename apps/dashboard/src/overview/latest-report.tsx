import { Anchor } from '@mantine/core';
import type { ReportSummary } from '@app/api-client';
import { Link } from 'wouter';
import { formatDay } from '../format';
import { ListTable } from '../layout/list-table';
import { Panel } from '../layout/panel';
import { SHARE_COLUMNS } from '../reports/share-columns';
import { texts } from '../texts';

/** Who the shoppers are, in one table, and what to do about them. */
export function LatestReport({ report }: { report: ReportSummary }) {
  const { id, customerId, data, createdAt, segments } = report;
  return (
    <Panel
      title={texts.overview.latestReport}
      aside={
        <Anchor component={Link} href={`/customers/${customerId}/reports/${id}`}>
          {texts.reports.titleAsOf(formatDay(data.asOf ?? createdAt))}
        </Anchor>
      }
    >
      <ListTable
        items={segments}
        keyOf={({ index }) => String(index)}
        columns={[...SHARE_COLUMNS, { header: texts.reports.action, render: ({ action }) => action }]}
      />
    </Panel>
  );
}
