import { Text } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { formatInteger } from '../format';
import { QueryState } from '../layout/query-state';
import { texts } from '../texts';
import { FilterBar } from './filter-bar';
import type { Question } from './question';
import { MAX_ROWS, ScrollingRows } from './scrolling-rows';
import { useFirstRows } from './use-rows';

interface Props {
  dataset: Dataset;
  question: Question;
  onQuestion: (question: Question) => void;
}

/** All rows of a dataset that fit a question, which is asked here. */
export function RowsTable({ dataset, question, onQuestion }: Props) {
  const head = useFirstRows(dataset.id, question);
  return (
    <>
      <FilterBar
        columns={dataset.columns.map(({ name }) => name)}
        filters={question.filters}
        onFilters={(filters) => onQuestion({ ...question, filters })}
      />
      <QueryState query={head} isEmpty={(data) => data.count === 0} empty={texts.datasets.noRows}>
        {({ count }) => (
          <>
            <Text size="sm" c="dimmed" mb="xs" aria-live="polite">
              {texts.rowsOf(formatInteger(count))}
              {count > MAX_ROWS && ` · ${texts.datasets.onlyFirst(formatInteger(MAX_ROWS))}`}
            </Text>
            <ScrollingRows dataset={dataset} question={question} count={count} onQuestion={onQuestion} />
          </>
        )}
      </QueryState>
    </>
  );
}
