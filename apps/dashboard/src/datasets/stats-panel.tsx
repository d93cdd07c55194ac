import { Group, Select, Stack, Text } from '@mantine/core';
import { answer, type Dataset, type DatasetStats } from '@app/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatInteger, formatNumber } from '../format';
import { type ListColumn, ListTable } from '../layout/list-table';
import { Pager } from '../layout/pager';
import { QueryState } from '../layout/query-state';
import { useApi } from '../session/session-provider';
import { texts } from '../texts';
import { FilterBar } from './filter-bar';
import { questionString, type Question } from './question';

const words = texts.stats;
const GROUPS_PER_PAGE = 20;

interface Props {
  dataset: Dataset;
  question: Question;
  onQuestion: (question: Question) => void;
}

/** Figures of one column over the rows that the filters leave, of all of them or group by group. */
export default function StatsPanel({ dataset, question, onQuestion }: Props) {
  const names = [...new Set(dataset.columns.map(({ name }) => name))];
  const numeric = dataset.columns.filter(({ type }) => type === 'integer' || type === 'decimal');
  const [column, setColumn] = useState(numeric[0]?.name ?? names[0] ?? '');
  const [groupBy, setGroupBy] = useState<string | null>(null);
  const [page, setPage] = useState(1);
  const stats = useStats(dataset.id, question, { column, groupBy, page });
  return (
    <Stack>
      <FilterBar
        columns={names}
        filters={question.filters}
        onFilters={(filters) => {
          setPage(1);
          onQuestion({ ...question, filters });
        }}
      />
      <Group>
        <Select
          label={texts.uploads.column}
          data={names}
          value={column}
          onChange={(name) => setColumn(name ?? column)}
          allowDeselect={false}
          searchable
        />
        <Select
          label={words.groupBy}
          placeholder={texts.none}
          data={names}
          value={groupBy}
          onChange={(name) => {
            setGroupBy(name);
            setPage(1);
          }}
          clearable
          searchable
        />
      </Group>
      <QueryState query={stats} isEmpty={({ count }) => count === 0} empty={texts.datasets.noRows}>
        {(found) => (
          <>
            <Text size="sm" c="dimmed" aria-live="polite">
              {texts.rowsOf(formatInteger(found.count))}
            </Text>
            <ListTable
              items={linesOf(found, column)}
              keyOf={({ key }) => key}
              minWidth={820}
              columns={COLUMNS}
            />
            <Pager count={found.groupCount ?? 0} pageSize={GROUPS_PER_PAGE} page={page} onPage={setPage} />
          </>
        )}
      </QueryState>
    </Stack>
  );
}

type Summary = DatasetStats['columns'][string];
interface Line {
  key: string;
  summary: Summary | undefined;
}

const figure = (header: string, valueOf: (summary: Summary) => number | null | undefined) => ({
  header,
  isNumeric: true,
  render: ({ summary }: Line) => formatNumber(summary && valueOf(summary)),
});

const COLUMNS: ListColumn<Line>[] = [
  { header: words.group, render: ({ key }) => key },
  figure(words.count, ({ count }) => count),
  figure(words.nulls, ({ nulls }) => nulls),
  figure(words.mean, ({ mean }) => mean),
  figure(words.sum, ({ sum }) => sum),
  { header: words.min, isNumeric: true, render: ({ summary }) => extreme(summary?.min) },
  figure(words.p25, ({ p25 }) => p25),
  figure(words.p50, ({ p50 }) => p50),
  figure(words.p75, ({ p75 }) => p75),
  { header: words.max, isNumeric: true, render: ({ summary }) => extreme(summary?.max) },
  figure(words.stddev, ({ stddev }) => stddev),
];

const extreme = (value: Summary['min'] | undefined) =>
  typeof value === 'number' ? formatNumber(value) : String(value ?? texts.none);

/** All rows first, then the groups of this page, the largest first. */
function linesOf({ columns, groups }: DatasetStats, column: string): Line[] {
  return [
    { key: texts.reports.all, summary: columns[column] },
    ...(groups ?? []).map((group) => ({
      key: Object.values(group.key)
        .map((value) => String(value ?? texts.none))
        .join(', '),
      summary: group.columns[column],
    })),
  ];
}

interface Wanted {
  column: string;
  groupBy: string | null;
  page: number;
}

function useStats(datasetId: string, question: Question, { column, groupBy, page }: Wanted) {
  const api = useApi();
  return useQuery({
    queryKey: ['stats', datasetId, question.filters, column, groupBy, page],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/datasets/{datasetId}/stats', {
          params: { path: { datasetId } },
          querySerializer: () =>
            questionString(
              { ...question, ordering: undefined },
              {
                column,
                ...(groupBy !== null && { groupBy, page: String(page), pageSize: String(GROUPS_PER_PAGE) }),
              },
            ),
          signal,
        }),
      ),
  });
}
