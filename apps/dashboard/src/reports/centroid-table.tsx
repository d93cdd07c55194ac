import { Table, Text } from '@mantine/core';
import type { Report } from '@app/api-client';
import { formatNumber, inUnit } from '../format';
import { texts } from '../texts';
import classes from './centroid-table.module.css';

/** Every segment beside every other, feature by feature; the stronger the colour, the higher among the segments. */
export function CentroidTable({ report: { features, segments } }: { report: Report }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table withTableBorder withColumnBorders>
        <Table.Caption>{texts.reports.habitsNote}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.reports.habit}</Table.Th>
            {segments.map(({ index, label }) => (
              <Table.Th key={index}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {features.map(({ name, label, unit, definition }) => {
            const values = segments.map(({ centroid }) => centroid[name] ?? 0);
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  {inUnit(label, unit)}
                  <Text size="xs" c="dimmed" maw={260}>
                    {definition}
                  </Text>
                </Table.Th>
                {segments.map(({ index, centroid, spread }) => (
                  <Table.Td
                    key={index}
                    className={classes.cell}
                    data-heat={heatOf(centroid[name] ?? 0, values)}
                  >
                    <strong>{formatNumber(centroid[name])}</strong>
                    <Text size="xs">
                      {formatNumber(spread[name]?.p25)} – {formatNumber(spread[name]?.p75)}
                    </Text>
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const STEPS = 4;

/** 0 for the lowest of the values to 4 for the highest. */
function heatOf(value: number, values: readonly number[]): number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high === low ? 0 : Math.round(((value - low) / (high - low)) * STEPS);
}
