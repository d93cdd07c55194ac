import { Anchor, Select, SimpleGrid, Table } from '@mantine/core';
import { answer, type Comparison, type Report } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Link, useParams } from 'wouter';
import { formatDay, formatInteger, formatTime } from '../format';
import { Figure } from '../layout/figure';
import { ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { Pager } from '../layout/pager';
import { Panel } from '../layout/panel';
import { Empty, QueryState } from '../layout/query-state';
import { Waiting } from '../layout/waiting';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { othersOf } from './comparable-reports';
import { useReport, useReports } from './report-queries';
import { shopperPlace } from './shopper-place';

const MigrationSankey = lazy(() => import('./migration-sankey'));
const MOVERS_PER_PAGE = 20;

export default function ComparePage() {
  const { customerId, reportId } = useParams<{ customerId: string; reportId: string }>();
  const report = useReport(reportId);
  return (
    <Page
      title={texts.reports.compare}
      lead={
        <>
          {texts.reports.compareLead}
          <div>
            <Anchor component={Link} href={`/customers/${customerId}/reports/${reportId}`} size="sm">
              {texts.reports.back}
            </Anchor>
          </div>
        </>
      }
    >
      <QueryState query={report}>{(found) => <Beside key={found.id} report={found} />}</QueryState>
    </Page>
  );
}

/** The report beside another, which may be chosen. */
function Beside({ report }: { report: Report }) {
  const reports = useReports(report.customerId);
  const others = othersOf(report, reports.data?.results ?? []);
  const [chosen, setChosen] = useState<string | null>(null);
  const otherId = chosen ?? others[0]?.id;
  return (
    <QueryState query={reports} isEmpty={() => others.length === 0} empty={texts.reports.noOther}>
      {() => (
        <>
          <Select
            maw={480}
            label={texts.reports.earlier}
            allowDeselect={false}
            data={others.map(({ id, createdAt, data }) => ({
              value: id,
              label: texts.reports.madeAt(formatDay(data.asOf ?? createdAt), formatTime(createdAt)),
            }))}
            value={otherId ?? null}
            onChange={setChosen}
          />
          {otherId !== undefined && <Migration key={otherId} from={otherId} to={report} />}
        </>
      )}
    </QueryState>
  );
}

function Migration({ from, to }: { from: string; to: Report }) {
  const api = useApi();
  const [page, setPage] = useState(1);
  const comparison = useQuery({
    queryKey: ['comparison', from, to.id, page],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answer(
        api.GET('/api/v1/reports/{reportId}/compare/{otherId}', {
          params: {
            path: { reportId: from, otherId: to.id },
            query: { page, pageSize: MOVERS_PER_PAGE },
          },
        }),
      ),
  });
  return (
    <QueryState query={comparison}>
      {(found) => (
        <>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            <Figure label={texts.reports.moved} value={formatInteger(found.totals.moved)} />
            <Figure label={texts.reports.stayed} value={formatInteger(found.totals.stayed)} />
            <Figure label={texts.reports.new} value={formatInteger(found.totals.new)} />
            <Figure label={texts.reports.gone} value={formatInteger(found.totals.gone)} />
          </SimpleGrid>
          <Suspense fallback={<Waiting />}>
            <MigrationSankey comparison={found} />
          </Suspense>
          <Matrix comparison={found} />
          <Movers report={to} movers={found.movers} page={page} onPage={setPage} />
        </>
      )}
    </QueryState>
  );
}

function Matrix({ comparison: { from, to, matrix } }: { comparison: Comparison }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table withTableBorder withColumnBorders>
        <Table.Caption>{texts.reports.matrixNote}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {to.segments.map(({ index, label }) => (
              <Table.Th key={index}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {from.segments.map(({ index, label }, row) => (
            <Table.Tr key={index}>
              <Table.Th scope="row">{label}</Table.Th>
              {to.segments.map((segment, column) => (
                <Table.Td key={segment.index} className="numeric">
                  {formatInteger(matrix[row]?.[column])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface MoversProps {
  /** In which they are now. */
  report: Report;
  movers: Comparison['movers'];
  page: number;
  onPage: (page: number) => void;
}

function Movers({ report, movers: { count, results }, page, onPage }: MoversProps) {
  if (count === 0) return <Empty>{texts.reports.noMovers}</Empty>;
  return (
    <Panel title={texts.reports.moved}>
      <ListTable
        items={results}
        keyOf={({ shopperId }) => shopperId}
        minWidth={480}
        columns={[
          {
            header: texts.reports.shopper,
            // Those who are gone have no page in this report.
            render: ({ shopperId, to }) =>
              to === null ? (
                shopperId
              ) : (
                <Anchor component={Link} href={shopperPlace(report, shopperId)}>
                  {shopperId}
                </Anchor>
              ),
          },
          { header: texts.reports.from, render: ({ from }) => from?.label },
          { header: texts.reports.to, render: ({ to }) => to?.label },
          { header: texts.reports.reason, render: ({ reason }) => reason },
        ]}
      />
      <Pager count={count} pageSize={MOVERS_PER_PAGE} page={page} onPage={onPage} />
    </Panel>
  );
}
