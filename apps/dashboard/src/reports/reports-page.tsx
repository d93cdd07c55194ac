import { Anchor, Button, Table } from '@mantine/core';
import { Link, useParams } from 'wouter';
import { formatDay, formatInteger, formatNumber, formatTime } from '../format';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { StatusBadge } from '../layout/status-badge';
import { texts } from '../texts';
import { useReports } from './report-queries';

export default function ReportsPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const reports = useReports(customerId);
  const home = `/customers/${customerId}/reports`;
  return (
    <Page
      title={texts.reports.title}
      lead={texts.reports.lead}
      actions={
        <Button component={Link} href={`${home}/new`}>
          {texts.reports.create}
        </Button>
      }
    >
      <QueryState query={reports} isEmpty={({ count }) => count === 0} empty={texts.reports.empty}>
        {({ results }) => (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.fields.created}</Table.Th>
                  <Table.Th>{texts.fields.status}</Table.Th>
                  <Table.Th>{texts.reports.asOf}</Table.Th>
                  <Table.Th className="numeric">{texts.overview.shoppers}</Table.Th>
                  <Table.Th className="numeric">{texts.overview.segments}</Table.Th>
                  <Table.Th className="numeric">{texts.reports.silhouette}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {results.map((report) => (
                  <Table.Tr key={report.id}>
                    <Table.Td>
                      <Anchor component={Link} href={`${home}/${report.id}`}>
                        {formatTime(report.createdAt)}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>
                      <StatusBadge status={report.status} />
                    </Table.Td>
                    <Table.Td>{formatDay(report.data.asOf)}</Table.Td>
                    <Table.Td className="numeric">{formatInteger(report.data.shoppers)}</Table.Td>
                    <Table.Td className="numeric">{formatInteger(report.k)}</Table.Td>
                    <Table.Td className="numeric">{formatNumber(report.quality?.silhouette)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </QueryState>
    </Page>
  );
}
