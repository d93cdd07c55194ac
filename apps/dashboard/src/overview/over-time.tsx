import { BarChart, LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { SimpleGrid } from '@mantine/core';
import { formatInteger } from '../format';
import { Panel } from '../layout/panel';
import { colorOf } from '../reports/segment-colors';
import { texts } from '../texts';
import { type Point, segmentNames } from './points';

const words = texts.overview;
const HEIGHT = 340;
/** Below the bars: there may be many segments in many reports. */
const LEGEND = { verticalAlign: 'bottom' } as const;

/** How segments, shoppers and revenue changed from report to report. */
export default function OverTime({ points }: { points: readonly Point[] }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Panel title={words.segmentsOverTime}>
        <BarChart
          h={HEIGHT}
          type="stacked"
          data={points.map(({ day, report: { segments } }) => ({
            day,
            ...Object.fromEntries(segments.map(({ name, size }) => [name, size])),
          }))}
          dataKey="day"
          series={segmentNames(points).map((name, index) => ({ name, color: `${colorOf(index)}.6` }))}
          valueFormatter={formatInteger}
          withLegend
          legendProps={LEGEND}
          maxBarWidth={72}
        />
      </Panel>
      <Panel title={words.shoppersAndRevenue}>
        <LineChart
          h={HEIGHT}
          data={points.map(({ day, report: { data } }) => ({
            day,
            [words.shoppers]: data.shoppers,
            [words.revenue]: data.revenue,
          }))}
          dataKey="day"
          series={[
            { name: words.shoppers, color: 'teal.7' },
            { name: words.revenue, color: 'indigo.6', yAxisId: 'right' },
          ]}
          withRightYAxis
          rightYAxisProps={{ width: 80 }}
          valueFormatter={formatInteger}
          withLegend
          legendProps={LEGEND}
          curveType="linear"
        />
      </Panel>
    </SimpleGrid>
  );
}
