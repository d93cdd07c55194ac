import { Injectable } from '@nestjs/common';
import { AnswerCache } from '@app/cache';
import { type DatasetEntity, DatasetService, dataVersion, LinkedRows } from '@app/datasets';
import {
  FrameNesting,
  FrameQuery,
  type NestedRow,
  type RowTree,
  tablesOf,
  type VisibleSet,
} from '@app/frames';
import { asOf } from './as-of.js';
import { answerKey } from './questions/answer-key.js';
import { columnsToSplit } from './questions/linked-query.js';
import { parseRowsQuery, type RowsRequest } from './rows-query.js';

export interface RowsAnswer {
  query: RowsRequest;
  count: number;
  rows: NestedRow[];
  /** Whether the answer was kept from an earlier question. */
  hit: boolean;
}

/** Answers questions about a dataset's rows; equal questions about the same data are computed once. */
@Injectable()
export class RowReader {
  constructor(
    private readonly datasets: DatasetService,
    private readonly links: LinkedRows,
    private readonly frames: FrameQuery,
    private readonly nesting: FrameNesting,
    private readonly answers: AnswerCache,
  ) {}

  /** @throws Problem invalid_parameter for the query; not_found for links; unavailable where too many are running */
  async read(dataset: DatasetEntity, given: URLSearchParams): Promise<RowsAnswer> {
    const { visible, search } = asOf(dataset, await this.datasets.visibleSetOf(dataset), given);
    const query = parseRowsQuery(search, new Set(visible?.columns.map(({ name }) => name)));
    if (visible === null) return { query, count: 0, rows: [], hit: false };
    const { include, split = [], ...plain } = query;
    if (include === undefined && split.length === 0) {
      const { value, hit } = await this.answers.wrap(answerKey(dataset, visible, 'rows', query), () =>
        this.frames.rows(visible, query),
      );
      return { query, ...value, hit };
    }
    const tree = await this.links.tree(dataset, visible, include ?? []);
    const lists = columnsToSplit(tree, split);
    // What is nested is part of the data that the answer is of.
    const nested = { ...query, nested: tablesOf(tree).map(dataVersion) };
    const { value, hit } = await this.answers.wrap(answerKey(dataset, visible, 'rows', nested), () =>
      this.nestedRows(visible, tree, plain, lists),
    );
    return { query, ...value, hit };
  }

  private async nestedRows(
    visible: VisibleSet,
    tree: RowTree,
    query: RowsRequest,
    lists: ReadonlySet<string>,
  ): Promise<{ count: number; rows: NestedRow[] }> {
    const { columns } = query;
    const keys = tree.links.map(({ parentColumn }) => parentColumn);
    const asked = columns === undefined ? query : { ...query, columns: [...new Set([...columns, ...keys])] };
    const { count, rows } = await this.frames.rows(visible, asked);
    const nested = await this.nesting.nest(tree, rows, lists);
    const unasked = columns === undefined ? [] : keys.filter((key) => !columns.includes(key));
    for (const row of nested) for (const key of unasked) delete row[key];
    return { count, rows: nested };
  }
}
