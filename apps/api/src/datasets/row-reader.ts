import { Injectable } from '@nestjs/common';
import { AnswerCache } from '@app/cache';
import { type DatasetEntity, DatasetService } from '@app/datasets';
import { FrameQuery, type JsonValue } from '@app/frames';
import { answerKey } from './questions/answer-key.js';
import { parseRowsQuery, type RowsRequest } from './rows-query.js';

export interface RowsAnswer {
  query: RowsRequest;
  count: number;
  rows: Record<string, JsonValue>[];
  /** Whether the answer was kept from an earlier question. */
  hit: boolean;
}

/** Answers questions about a dataset's rows; equal questions about the same data are computed once. */
@Injectable()
export class RowReader {
  constructor(
    private readonly datasets: DatasetService,
    private readonly frames: FrameQuery,
    private readonly answers: AnswerCache,
  ) {}

  /** @throws Problem invalid_parameter for the query; unavailable where too many are running */
  async read(dataset: DatasetEntity, search: URLSearchParams): Promise<RowsAnswer> {
    const visible = await this.datasets.visibleSet(dataset.id);
    const query = parseRowsQuery(search, new Set(visible?.columns.map(({ name }) => name)));
    if (visible === null) return { query, count: 0, rows: [], hit: false };
    const { value, hit } = await this.answers.wrap(answerKey(dataset, visible, 'rows', query), () =>
      this.frames.rows(visible, query),
    );
    return { query, ...value, hit };
  }
}
