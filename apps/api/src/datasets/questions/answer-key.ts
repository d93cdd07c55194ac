import type { AnswerKey } from '@app/cache';
import { type DatasetEntity, dataVersion } from '@app/datasets';
import type { RowFilter, VisibleSet } from '@app/frames';

/** Names the answer to a question about what a dataset shows; equal questions have equal names. */
export const answerKey = (
  { customerId }: Pick<DatasetEntity, 'customerId'>,
  visible: Pick<VisibleSet, 'id' | 'timezone'>,
  kind: string,
  { filters = [], ...query }: { filters?: RowFilter[] },
): AnswerKey => ({
  customerId,
  kind,
  version: dataVersion(visible),
  // Filters all apply, in whatever order they are given.
  query: [
    Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)),
    filters.map((filter) => JSON.stringify(filter)).sort(),
  ],
});
