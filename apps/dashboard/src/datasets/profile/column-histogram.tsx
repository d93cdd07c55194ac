import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Group, Text } from '@mantine/core';
import { formatInteger, formatNumber } from '../../format';
import { texts } from '../../texts';
import type { ProfiledColumn } from './column-card';
import { drawnBins } from './drawn-bins';

const words = texts.profile;
const HEIGHT = 90;

/** How often which numbers occur; those far from the others are counted at both ends. */
export function ColumnHistogram({ column }: { column: ProfiledColumn }) {
  const drawn = drawnBins(column);
  if (drawn === null) return null;
  const { bins, least, greatest, below, above } = drawn;
  const [from, to] = [formatNumber(least), formatNumber(greatest)];
  const lower = below > 0 ? words.below(formatInteger(below), from) : from;
  const upper = above > 0 ? words.above(formatInteger(above), to) : to;
  return (
    <div role="img" aria-label={[words.histogram(column.name, from, to), lower, upper].join('; ')}>
      <BarChart
        h={HEIGHT}
        data={bins.map(({ first, last, count }) => ({
          range: first === last ? formatNumber(first) : `${formatNumber(first)} – ${formatNumber(last)}`,
          [texts.overview.rows]: count,
        }))}
        dataKey="range"
        series={[{ name: texts.overview.rows, color: 'teal.7' }]}
        valueFormatter={formatInteger}
        withXAxis={false}
        withYAxis={false}
        gridAxis="none"
        barChartProps={{ barCategoryGap: 1 }}
        barProps={{ isAnimationActive: false }}
      />
      <Group justify="space-between" wrap="nowrap" mt={4}>
        <Text size="xs" c="dimmed">
          {lower}
        </Text>
        <Text size="xs" c="dimmed">
          {upper}
        </Text>
      </Group>
    </div>
  );
}
