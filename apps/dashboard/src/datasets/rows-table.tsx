import { Text, UnstyledButton } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, useRef } from 'react';
import { formatInteger } from '../format';
import { ProblemAlert } from '../layout/problem-alert';
import { QueryState } from '../layout/query-state';
import { texts } from '../texts';
import { FilterBar } from './filter-bar';
import type { Question } from './question';
import classes from './rows-table.module.css';
import { type Row, textOf, useFirstRows, useRowsBetween } from './use-rows';

const ROW_HEIGHT = 28;
const COLUMN_WIDTH = 160;
const OVERSCAN = 6;
/** As many rows as are ever drawn at once (720 pixels and what is drawn beyond them): each takes the place of one that left. */
const SLOTS = Math.ceil(720 / ROW_HEIGHT) + 1 + 2 * OVERSCAN;
/** Browsers draw nothing beyond some 30 million pixels; nobody scrolls that far. */
const MAX_ROWS = 1_000_000;

interface Props {
  dataset: Dataset;
  question: Question;
  onQuestion: (question: Question) => void;
}

/** All rows of a dataset in one scrolling table, of which only what is in view is fetched and drawn. */
export function RowsTable({ dataset, question, onQuestion }: Props) {
  const names = dataset.columns.map(({ name }) => name);
  const scroller = useRef<HTMLDivElement>(null);
  const head = useFirstRows(dataset.id, question);
  const count = Math.min(head.data?.count ?? 0, MAX_ROWS);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const items = rows.getVirtualItems();
  const { rowAt, problem } = useRowsBetween(
    dataset.id,
    question,
    items[0]?.index ?? 0,
    items.at(-1)?.index ?? 0,
  );
  const width = names.length * COLUMN_WIDTH;

  function orderBy(name: string) {
    const ordering =
      question.ordering === name ? `-${name}` : question.ordering === `-${name}` ? undefined : name;
    onQuestion({ ...question, ordering });
    rows.scrollToOffset(0);
  }

  return (
    <>
      <FilterBar
        columns={names}
        filters={question.filters}
        onFilters={(filters) => onQuestion({ ...question, filters })}
      />
      <QueryState query={head} isEmpty={(data) => data.count === 0} empty={texts.datasets.noRows}>
        {(data) => (
          <>
            <Text size="sm" c="dimmed" mb="xs" aria-live="polite">
              {texts.rowsOf(formatInteger(data.count))}
              {data.count > MAX_ROWS && ` · ${texts.datasets.onlyFirst(formatInteger(MAX_ROWS))}`}
            </Text>
            <ProblemAlert problem={problem} />
            {/* A region that scrolls has to be reachable by keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div
              ref={scroller}
              className={classes.scroller}
              tabIndex={0}
              role="region"
              aria-label={dataset.name}
            >
              <div role="table" aria-rowcount={data.count} style={{ width }}>
                <div role="row" className={classes.head}>
                  {names.map((name, column) => (
                    <div
                      // Two columns may have one name.
                      // oxlint-disable-next-line react/no-array-index-key
                      key={column}
                      role="columnheader"
                      className={classes.cell}
                      aria-sort={sortOf(question.ordering, name)}
                    >
                      <UnstyledButton className={classes.sort} onClick={() => orderBy(name)}>
                        {name}
                        {question.ordering === name && <IconArrowUp size={14} aria-hidden />}
                        {question.ordering === `-${name}` && <IconArrowDown size={14} aria-hidden />}
                      </UnstyledButton>
                    </div>
                  ))}
                </div>
                <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
                  {items.map(({ index, start }) => (
                    <DrawnRow
                      key={index % SLOTS}
                      columns={dataset.columns}
                      row={rowAt(index)}
                      index={index}
                      start={start}
                    />
                  ))}
                </div>
              </div>
            </div>
          </>
        )}
      </QueryState>
    </>
  );
}

interface DrawnProps {
  columns: Dataset['columns'];
  row: Row | undefined;
  index: number;
  start: number;
}

/** Drawn anew only when its data come: a table that scrolls asks for all of its rows in every frame. */
const DrawnRow = memo(({ columns, row, index, start }: DrawnProps) => (
  <div
    role="row"
    aria-rowindex={index + 1}
    className={classes.row}
    style={{ transform: `translateY(${start}px)` }}
  >
    {columns.map(({ name, type }, column) => (
      // Two columns may have one name.
      // oxlint-disable-next-line react/no-array-index-key
      <div key={column} role="cell" className={classes.cell}>
        {textOf(row?.[name], type)}
      </div>
    ))}
  </div>
));

const sortOf = (ordering: string | undefined, name: string) =>
  ordering === name ? 'ascending' : ordering === `-${name}` ? 'descending' : 'none';
