import type { VisibleSet } from '@app/frames';

/**
 * Names what a dataset shows, as a part of keys. Times of day are shown in UTC, so the zone they were written in is part
 * of the data.
 */
export const dataVersion = ({ id, timezone }: Pick<VisibleSet, 'id' | 'timezone'>): string =>
  `${id}:${timezone}`;
