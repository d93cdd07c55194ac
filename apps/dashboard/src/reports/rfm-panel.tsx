import { Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Report } from '@app/api-client';
import { formatInteger, formatNumber, formatShare } from '../format';
import { ListTable } from '../layout/list-table';
import { Panel } from '../layout/panel';
import { texts } from '../texts';

type Rfm = NonNullable<Report['rfm']>;
const words = texts.rfm;

/** Shoppers by scores of recency, frequency and money: named groups beside the segments. */
export function RfmPanel({ rfm: { groups, cuts } }: { rfm: Rfm }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Panel title={words.groups}>
        <ListTable
          items={groups}
          keyOf={({ group }) => group}
          minWidth={420}
          columns={[
            { header: words.group, render: ({ group }) => group },
            {
              header: texts.overview.shoppers,
              isNumeric: true,
              render: ({ size }) => formatInteger(size),
            },
            {
              header: words.share,
              render: ({ group, share }) => <Share label={group} share={share} />,
            },
            {
              header: texts.overview.revenue,
              render: ({ group, revenueShare }) => (
                <Share label={`${group}: ${texts.overview.revenue}`} share={revenueShare} />
              ),
            },
          ]}
        />
      </Panel>
      <Panel title={words.scores} note={words.scoresNote}>
        <Stack gap="xs">
          {(['r', 'f', 'm'] as const).map((score) => (
            <Text key={score} size="sm">
              <strong>{words.names[score]}</strong>: {cuts[score].map(formatNumber).join(' · ')}
            </Text>
          ))}
        </Stack>
      </Panel>
    </SimpleGrid>
  );
}

function Share({ label, share }: { label: string; share: number | null }) {
  if (share === null) return texts.none;
  return (
    <>
      <Text size="xs">{formatShare(share)}</Text>
      <Progress size="xs" value={share * 100} aria-label={label} />
    </>
  );
}
