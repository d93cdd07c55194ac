import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { answer, type Dataset, type Report } from '@app/api-client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useDatasets } from '../datasets/dataset-queries';
import { formatNumber, inUnit } from '../format';
import { type Row, textOf, useRowsPage } from '../datasets/use-rows';
import { Figure } from '../layout/figure';
import { ListTable } from '../layout/list-table';
import { Page } from '../layout/page';
import { Pager } from '../layout/pager';
import { Panel } from '../layout/panel';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { useReport } from './report-queries';
import { SegmentName } from './segment-name';

const ROWS_PER_PAGE = 25;

/** One shopper of a report: habits, and what they bought, line by line. */
export default function ShopperPage() {
  const { customerId, reportId } = useParams<{ customerId: string; reportId: string }>();
  // Not by the router's own hook, which decodes once more than was encoded.
  const shopperId = new URLSearchParams(window.location.search).get('id') ?? '';
  const report = useReport(reportId);
  return (
    <Page
      title={texts.reports.shopperTitle(shopperId)}
      lead={
        <Anchor component={Link} href={`/customers/${customerId}/reports/${reportId}`} size="sm">
          {texts.reports.back}
        </Anchor>
      }
    >
      <QueryState query={report}>
        {(found) => (
          <>
            <Habits report={found} shopperId={shopperId} />
            <Orders report={found} shopperId={shopperId} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

interface Props {
  report: Report;
  shopperId: string;
}

function Habits({ report, shopperId }: Props) {
  const api = useApi();
  const params = { path: { reportId: report.id, shopperId } };
  const member = useQuery({
    queryKey: ['member', report.id, shopperId],
    queryFn: () => answer(api.GET('/api/v1/reports/{reportId}/members/{shopperId}', { params })),
  });
  return (
    <QueryState query={member}>
      {({ segment, features, rfm }) => (
        <Stack>
          <Group gap="sm">
            <SegmentName
              index={segment}
              name={report.segments.find(({ index }) => index === segment)?.name ?? ''}
            />
            {rfm !== undefined && (
              <Text size="sm" c="dimmed">
                {texts.rfm.title}: {rfm.group} ({rfm.r}-{rfm.f}-{rfm.m})
              </Text>
            )}
          </Group>
          <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
            {report.features.map(({ name, label, unit }) => (
              <Figure key={name} label={inUnit(label, unit)} value={formatNumber(features[name])} />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </QueryState>
  );
}

/** Rows of the report's datasets that name the shopper. */
function Orders({ report, shopperId }: Props) {
  const datasets = useDatasets(report.customerId);
  const chosen = report.params.datasetIds;
  const named = (datasets.data?.results ?? []).filter(
    ({ id, mapping }) =>
      mapping.roles['shopperId'] !== undefined &&
      (chosen === undefined || chosen === null || chosen.length === 0 || chosen.includes(id)),
  );
  return (
    <QueryState query={datasets} isEmpty={() => named.length === 0} empty={texts.reports.noOrders}>
      {() =>
        named.map((dataset) => <DatasetOrders key={dataset.id} dataset={dataset} shopperId={shopperId} />)
      }
    </QueryState>
  );
}

const SHOWN_ROLES = ['orderedAt', 'orderId', 'product', 'quantity', 'unitPrice', 'amount'] as const;

interface Line {
  row: Row;
  index: number;
}

function DatasetOrders({ dataset, shopperId }: { dataset: Dataset; shopperId: string }) {
  const { roles } = dataset.mapping;
  const [page, setPage] = useState(1);
  const shown = SHOWN_ROLES.flatMap((role) => roles[role] ?? []);
  const names = shown.length > 0 ? shown : dataset.columns.map(({ name }) => name);
  const rows = useRowsPage(
    dataset.id,
    {
      filters: [{ column: roles['shopperId'] ?? '', operator: 'eq', value: shopperId }],
      ordering: roles['orderedAt'] === undefined ? undefined : `-${roles['orderedAt']}`,
    },
    { page, pageSize: ROWS_PER_PAGE },
  );
  return (
    <Panel title={texts.reports.orders} note={texts.reports.ordersNote(dataset.name)}>
      <QueryState query={rows} isEmpty={({ count }) => count === 0} empty={texts.datasets.noRows}>
        {({ count, results }) => (
          <>
            <ListTable
              items={results.map((row, index): Line => ({ row, index }))}
              keyOf={({ index }) => String(index)}
              columns={names.map((name) => {
                const type = dataset.columns.find((column) => column.name === name)?.type;
                return {
                  header: name,
                  isNumeric: type === 'integer' || type === 'decimal',
                  render: ({ row }: Line) => textOf(row[name], type),
                };
              })}
            />
            <Pager count={count} pageSize={ROWS_PER_PAGE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Panel>
  );
}
