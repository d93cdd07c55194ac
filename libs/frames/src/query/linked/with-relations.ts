import type { DuckDBConnection } from '@duckdb/node-api';
import type { FrameQuery, ReadOptions } from '../frame-query.js';
import type { VisibleSet } from '../visible-set.js';

/** {@link FrameQuery.withRelation} over several tables at once, whose relations come in the same order. */
export function withRelations<T>(
  frames: FrameQuery,
  [table, ...others]: readonly VisibleSet[],
  work: (connection: DuckDBConnection, relations: readonly string[]) => Promise<T>,
  options: ReadOptions,
): Promise<T> {
  if (table === undefined) throw new RangeError('There is no table.');
  return frames.withRelation(
    table,
    (connection, relation) =>
      others.length === 0
        ? work(connection, [relation])
        : withRelations(
            frames,
            others,
            (_, relations) => work(connection, [relation, ...relations]),
            options,
          ),
    options,
  );
}
