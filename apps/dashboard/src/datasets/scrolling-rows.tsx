import { UnstyledButton } from '@mantine/core';
import type { Dataset } from '@app/api-client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, useCallback, useRef } from 'react';
import { ProblemAlert } from '../layout/problem-alert';
import type { Question } from './question';
import classes from './scrolling-rows.module.css';
import { type Row, textOf, useRowsBetween } from './use-rows';

const ROW_HEIGHT = 28;
const COLUMN_WIDTH = 160;
const OVERSCAN = 6;
/** As many rows as are ever drawn at once (720 pixels and what is drawn beyond them): each takes the place of one that left. */
const SLOTS = Math.ceil(720 / ROW_HEIGHT) + 1 + 2 * OVERSCAN;
/** Browsers draw nothing beyond some 30 million pixels; nobody scrolls that far. */
export const MAX_ROWS = 1_000_000;

interface Props {
  dataset: Dataset;
  question: Question;
  /** How many rows there are, of which the first MAX_ROWS can be reached. */
  count: number;
  onQuestion: (question: Question) => void;
}

/** Rows in one scrolling table, of which only what is in view is fetched and drawn. It is drawn anew in every frame. */
export function ScrollingRows({ dataset, question, count, onQuestion }: Props) {
  const { columns } = dataset;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: Math.min(count, MAX_ROWS),
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
  const orderBy = useCallback(
    (ordering: string | undefined) => {
      onQuestion({ ...question, ordering });
      rows.scrollToOffset(0);
    },
    [question, onQuestion, rows],
  );

  return (
    <>
      <ProblemAlert problem={problem} />
      {/* A region that scrolls has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={scroller} className={classes.scroller} tabIndex={0} role="region" aria-label={dataset.name}>
        <div role="table" aria-rowcount={count} style={{ width: columns.length * COLUMN_WIDTH }}>
          <Head columns={columns} ordering={question.ordering} onOrdering={orderBy} />
          <div role="rowgroup" className={classes.body} style={{ height: rows.getTotalSize() }}>
            {items.map(({ index, start }) => (
              <DrawnRow
                key={index % SLOTS}
                columns={columns}
                row={rowAt(index)}
                index={index}
                start={start}
              />
            ))}
          </div>
        </div>
      </div>
    </>
  );
}

interface HeadProps {
  columns: Dataset['columns'];
  ordering: string | undefined;
  onOrdering: (ordering: string | undefined) => void;
}

/** A press on a name orders by it: upwards, then downwards, then not at all. */
const Head = memo(({ columns, ordering, onOrdering }: HeadProps) => (
  <div role="row" className={classes.head}>
    {columns.map(({ name }, column) => (
      <div
        // Two columns may have one name.
        // oxlint-disable-next-line react/no-array-index-key
        key={column}
        role="columnheader"
        className={classes.cell}
        aria-sort={sortOf(ordering, name)}
      >
        <UnstyledButton className={classes.sort} onClick={() => onOrdering(orderingAfter(ordering, name))}>
          {name}
          {ordering === name && <IconArrowUp size={14} aria-hidden />}
          {ordering === `-${name}` && <IconArrowDown size={14} aria-hidden />}
        </UnstyledButton>
      </div>
    ))}
  </div>
));

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

const orderingAfter = (ordering: string | undefined, name: string) =>
  ordering === name ? `-${name}` : ordering === `-${name}` ? undefined : name;

const sortOf = (ordering: string | undefined, name: string) =>
  ordering === name ? 'ascending' : ordering === `-${name}` ? 'descending' : 'none';
