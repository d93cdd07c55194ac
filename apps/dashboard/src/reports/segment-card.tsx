import { Badge, Divider, Group, List, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import type { Report, Segment } from '@app/api-client';
import { formatInteger, formatNumber, formatShare } from '../format';
import { texts } from '../texts';
import { colorOf } from './segment-colors';

interface Props {
  segment: Segment;
  features: Report['features'];
}

/** Who these shoppers are, in one sentence, and what to do about them. */
export function SegmentCard({ segment, features }: Props) {
  const { index, label, size, share, revenueShare, summary, action, topProducts, continues } = segment;
  return (
    <Paper withBorder p="lg" component="article">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4">
            {label}
          </Title>
          <Badge color={colorOf(index)} variant="dot" size="lg">
            {formatInteger(size)}
          </Badge>
        </Group>
        <Share label={texts.overview.shoppers} share={share} color={colorOf(index)} />
        {revenueShare !== null && (
          <Share label={texts.overview.revenue} share={revenueShare} color={colorOf(index)} />
        )}
        <Text>{summary}</Text>
        <Text fw={500}>{action}</Text>
        <Divider />
        <Distinguishing segment={segment} features={features} />
        {topProducts.length > 0 && (
          <Text size="sm" c="dimmed">
            {texts.reports.topProducts}: {topProducts.map(({ product }) => product).join(', ')}
          </Text>
        )}
        {continues && (
          <Text size="sm" c="dimmed">
            {texts.reports.continues(continues.label, formatShare(continues.similarity))}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Share({ label, share, color }: { label: string; share: number; color: string }) {
  return (
    <div>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <Text size="xs" fw={600}>
          {formatShare(share)}
        </Text>
      </Group>
      <Progress value={share * 100} color={color} aria-label={label} />
    </div>
  );
}

function Distinguishing({ segment: { distinguishing }, features }: Props) {
  const labels = new Map(features.map(({ name, label }) => [name, label]));
  return (
    <List size="sm" spacing={2}>
      {distinguishing.map(({ feature, mean, others }) => (
        <List.Item key={feature}>
          {labels.get(feature) ?? feature}: <strong>{formatNumber(mean)}</strong>{' '}
          <Text span c="dimmed" size="sm">
            {texts.reports.others(formatNumber(others))}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
