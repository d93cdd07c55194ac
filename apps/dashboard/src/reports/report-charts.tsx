import { DonutChart, LineChart, ScatterChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Group, SimpleGrid, Stack } from '@mantine/core';
import type { Report } from '@app/api-client';
import { formatNumber, formatShare } from '../format';
import { ListTable } from '../layout/list-table';
import { Panel } from '../layout/panel';
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
        <Panel title={texts.reports.sizes} note={texts.reports.sizesNote}>
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
        </Panel>
        {projection !== undefined && projection !== null && (
          <Panel title={texts.reports.projection} note={texts.reports.projectionNote}>
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
          </Panel>
        )}
      </SimpleGrid>
      {selection.length > 1 && (
        <Panel title={texts.reports.chosenK} note={texts.reports.chosenKNote(String(report.k))}>
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
        </Panel>
      )}
    </Stack>
  );
}
