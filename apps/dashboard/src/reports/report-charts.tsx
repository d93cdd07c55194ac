import { DonutChart, LineChart, ScatterChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Report } from '@app/api-client';
import type { ReactNode } from 'react';
import { formatNumber, formatShare } from '../format';
import { ListTable } from '../layout/list-table';
import { texts } from '../texts';
import { colorOf } from './segment-colors';
import { SHARE_COLUMNS } from './share-columns';

/** Sizes, revenue, the shoppers on a plane, and how k was chosen. */
export default function ReportCharts({ report }: { report: Report }) {
  const { segments, selection, projection } = report;
  const slices = (shareOf: (segment: Report['segments'][number]) => number) =>
    segments.map((segment) => ({
      name: segment.name,
      value: shareOf(segment),
      color: `${colorOf(segment.index)}.6`,
    }));
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Chart title={texts.reports.sizes} note={texts.reports.sizesNote}>
          <Group justify="space-around">
            <DonutChart
              data={slices(({ share }) => share)}
              chartLabel={texts.overview.shoppers}
              valueFormatter={formatShare}
              size={150}
            />
            {segments.some(({ revenueShare }) => revenueShare !== null) && (
              <DonutChart
                data={slices(({ revenueShare }) => revenueShare ?? 0)}
                chartLabel={texts.overview.revenue}
                valueFormatter={formatShare}
                size={150}
              />
            )}
          </Group>
          <ListTable
            items={segments}
            keyOf={({ index }) => String(index)}
            minWidth={280}
            columns={SHARE_COLUMNS}
          />
        </Chart>
        {projection !== undefined && projection !== null && (
          <Chart title={texts.reports.projection} note={texts.reports.projectionNote}>
            <ScatterChart
              h={400}
              gridAxis="none"
              data={segments.map(({ index, name }) => ({
                name,
                color: `${colorOf(index)}.6`,
                data: projection.filter(({ segment }) => segment === index).map(({ x, y }) => ({ x, y })),
              }))}
              dataKey={{ x: 'x', y: 'y' }}
              xAxisProps={{ tick: false }}
              yAxisProps={{ tick: false }}
              withTooltip={false}
              scatterProps={{ isAnimationActive: false }}
            />
          </Chart>
        )}
      </SimpleGrid>
      {selection.length > 1 && (
        <Chart title={texts.reports.chosenK} note={texts.reports.chosenKNote(String(report.k))}>
          <LineChart
            h={240}
            data={selection.map(({ k, silhouette }) => ({ k, [texts.reports.silhouette]: silhouette }))}
            dataKey="k"
            series={[{ name: texts.reports.silhouette, color: 'teal.7' }]}
            referenceLines={
              report.k === null ? [] : [{ x: report.k, color: 'orange.7', label: `k = ${report.k}` }]
            }
            valueFormatter={formatNumber}
            curveType="linear"
          />
        </Chart>
      )}
    </Stack>
  );
}

function Chart({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" className="chart">
      <Title order={2} size="h5">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        {note}
      </Text>
      {children}
    </Paper>
  );
}
