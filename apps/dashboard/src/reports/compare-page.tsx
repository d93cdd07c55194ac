import { Paper, Select, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { answer, type Comparison } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useParams } from 'wouter';
import { formatDay, formatInteger, formatTime } from '../format';
import { Figure } from '../layout/figure';
import { Page } from '../layout/page';
import { Empty, QueryState } from '../layout/query-state';
import { Waiting } from '../layout/waiting';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { othersOf } from './comparable-reports';
import { useReport, useReports } from './report-queries';

const MigrationSankey = lazy(() => import('./migration-sankey'));

export default function ComparePage() {
  const { customerId, reportId } = useParams<{ customerId: string; reportId: string }>();
  const reports = useReports(customerId);
  const { data: report } = useReport(reportId);
  const others = report === undefined ? [] : othersOf(report, reports.data?.results ?? []);
  const [chosen, setChosen] = useState<string | null>(null);
  const otherId = chosen ?? others[0]?.id;
  return (
    <Page title={texts.reports.compare} lead={texts.reports.compareLead}>
      <QueryState
        query={reports}
        isEmpty={() => report !== undefined && others.length === 0}
        empty={texts.reports.noOther}
      >
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
            {otherId !== undefined && <Migration from={otherId} to={reportId} />}
          </>
        )}
      </QueryState>
    </Page>
  );
}

function Migration({ from, to }: { from: string; to: string }) {
  const api = useApi();
  const comparison = useQuery({
    queryKey: ['comparison', from, to],
    queryFn: () =>
      answer(
        api.GET('/api/v1/reports/{reportId}/compare/{otherId}', {
          params: { path: { reportId: from, otherId: to } },
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
          <Movers comparison={found} />
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

function Movers({ comparison: { movers } }: { comparison: Comparison }) {
  if (movers.results.length === 0) return <Empty>{texts.reports.noMovers}</Empty>;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4">
        {texts.reports.moved}
      </Title>
      <Text size="sm" c="dimmed">
        {texts.reports.firstOf(formatInteger(movers.results.length), formatInteger(movers.count))}
      </Text>
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.reports.shopper}</Table.Th>
              <Table.Th>{texts.reports.from}</Table.Th>
              <Table.Th>{texts.reports.to}</Table.Th>
              <Table.Th>{texts.reports.reason}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {movers.results.map(({ shopperId, from, to, reason }) => (
              <Table.Tr key={shopperId}>
                <Table.Td>{shopperId}</Table.Td>
                <Table.Td>{from?.label}</Table.Td>
                <Table.Td>{to?.label}</Table.Td>
                <Table.Td>{reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
