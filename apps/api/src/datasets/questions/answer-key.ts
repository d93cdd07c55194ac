import type { AnswerKey } from '@app/cache';
import type { DatasetEntity } from '@app/datasets';
import type { RowFilter, VisibleSet } from '@app/frames';

/** Names the answer to a question about what a dataset shows; equal questions have equal names. */
export const answerKey = (
  { customerId }: Pick<DatasetEntity, 'customerId'>,
  { id, timezone }: Pick<VisibleSet, 'id' | 'timezone'>,
  kind: string,
  { filters = [], ...query }: { filters?: RowFilter[] },
): AnswerKey => ({
  customerId,
  kind,
  // Times of day are shown in UTC, so the zone they were written in is part of the data.
  version: `${id}:${timezone}`,
  // Filters all apply, in whatever order they are given.
  query: [
    Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)),
    filters.map((filter) => JSON.stringify(filter)).sort(),
  ],
});
