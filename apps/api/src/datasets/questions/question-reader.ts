import { Injectable } from '@nestjs/common';
import { AnswerCache } from '@app/cache';
import { type DatasetEntity, DatasetService } from '@app/datasets';
import { type CountedValue, FrameStats, FrameValues, type RowFilter, type StatsAnswer } from '@app/frames';
import { asOf } from '../as-of.js';
import { answerKey } from './answer-key.js';
import { parseStatsQuery, parseValuesQuery } from './question-query.js';

export interface Answered<T> {
  value: T;
  /** Whether the answer was kept from an earlier question. */
  hit: boolean;
}

const NOTHING: StatsAnswer = { count: 0, columns: {} };

/** Answers what can be asked of a dataset besides its rows; equal questions are computed once. */
@Injectable()
export class QuestionReader {
  constructor(
    private readonly datasets: DatasetService,
    private readonly stats: FrameStats,
    private readonly values: FrameValues,
    private readonly answers: AnswerCache,
  ) {}

  /** @throws Problem invalid_parameter for the query; unavailable where too many are running */
  async askStats(
    dataset: DatasetEntity,
    given: URLSearchParams,
  ): Promise<Answered<StatsAnswer & { filters: RowFilter[] }>> {
    const { visible, search } = asOf(dataset, await this.datasets.visibleSetOf(dataset), given);
    const query = parseStatsQuery(search, namesOf(visible));
    const { filters } = query;
    if (visible === null) return { value: { ...NOTHING, filters }, hit: false };
    const key = answerKey(dataset, visible, 'stats', query);
    const { value, hit } = await this.answers.wrap(key, () => this.stats.stats(visible, query));
    return { value: { ...value, filters }, hit };
  }

  /** @throws Problem invalid_parameter for the query; unavailable where too many are running */
  async askValues(
    dataset: DatasetEntity,
    given: URLSearchParams,
  ): Promise<Answered<{ count: number; values: CountedValue[] }> & { page: number; pageSize: number }> {
    const { visible, search } = asOf(dataset, await this.datasets.visibleSetOf(dataset), given);
    const query = parseValuesQuery(search, namesOf(visible));
    const { page, pageSize } = query;
    if (visible === null) return { value: { count: 0, values: [] }, hit: false, page, pageSize };
    const key = answerKey(dataset, visible, 'values', query);
    const { value, hit } = await this.answers.wrap(key, () => this.values.values(visible, query));
    return { value, hit, page, pageSize };
  }
}

/** Names of the columns that can be asked for. */
export const namesOf = (visible: { columns: readonly { name: string }[] } | null): Set<string> =>
  new Set(visible?.columns.map(({ name }) => name));
