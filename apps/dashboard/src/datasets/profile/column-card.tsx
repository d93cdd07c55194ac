import { Badge, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import type { DatasetProfile } from '@app/api-client';
import { formatInteger, formatNumber, formatShare } from '../../format';
import { texts } from '../../texts';
import { textOf } from '../use-rows';
import { ColumnHistogram } from './column-histogram';

export type ProfiledColumn = DatasetProfile['columns'][number];

interface Props {
  column: ProfiledColumn;
  rowCount: number;
}

const words = texts.profile;
const TOP = 5;

/** What values a column has, and how often. */
export function ColumnCard({ column, rowCount }: Props) {
  const { name, type, nulls, distinct, min, max, mean } = column;
  return (
    <Paper withBorder p="md" className="panel">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h5" lineClamp={1}>
            {name}
          </Title>
          <Badge variant="light" tt="none" miw="max-content">
            {texts.reading.types[type]}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {formatInteger(distinct)} {words.distinct} · {formatShare(rowCount === 0 ? 0 : nulls / rowCount)}{' '}
          {words.empties}
        </Text>
        <Text size="sm" className="breakable">
          {shown(min, type)} … {shown(max, type)}
          {mean !== null && ` · ⌀ ${formatNumber(mean)}`}
        </Text>
        <ColumnHistogram column={column} />
        <TopValues column={column} rowCount={rowCount} />
      </Stack>
    </Paper>
  );
}

function shown(value: ProfiledColumn['min'], type: ProfiledColumn['type']): string {
  if (value === null) return texts.none;
  return typeof value === 'number' ? formatNumber(value) : textOf(value, type);
}

function TopValues({ column: { topValues, type }, rowCount }: Props) {
  return (topValues ?? []).slice(0, TOP).map(({ value, count }) => {
    const label = shown(value, type);
    return (
      <div key={label}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="xs" truncate>
            {label}
          </Text>
          <Text size="xs" c="dimmed">
            {formatInteger(count)}
          </Text>
        </Group>
        <Progress size="xs" value={(count / rowCount) * 100} aria-label={label} />
      </div>
    );
  });
}
