import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Paper, Title } from '@mantine/core';
import type { ReportSummary } from '@app/api-client';
import { formatDay, formatInteger } from '../format';
import { texts } from '../texts';

/** How many shoppers each report found, the oldest first. */
export default function SegmentsOverTime({ reports }: { reports: readonly ReportSummary[] }) {
  return (
    <Paper withBorder p="md" className="chart">
      <Title order={2} size="h4" mb="md">
        {texts.overview.overTime}
      </Title>
      <LineChart
        h={220}
        data={reports.toReversed().map(({ createdAt, data, k }) => ({
          day: formatDay(createdAt),
          [texts.overview.shoppers]: data.shoppers,
          [texts.overview.segments]: k,
        }))}
        dataKey="day"
        series={[{ name: texts.overview.shoppers, color: 'teal.7' }]}
        valueFormatter={formatInteger}
        curveType="linear"
      />
    </Paper>
  );
}
