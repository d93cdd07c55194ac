import type { DuckDBConnection, FrameQuery, VisibleSet } from '@app/frames';

/** Runs `work` with one connection and a relation for each visible set, in their order. */
export async function withRelations<T>(
  frames: FrameQuery,
  sets: readonly VisibleSet[],
  signal: AbortSignal,
  work: (connection: DuckDBConnection, relations: string[]) => Promise<T>,
): Promise<T> {
  const [first, ...others] = sets;
  if (first === undefined) throw new RangeError('There is no data to read.');
  return frames.withRelation(
    first,
    (connection, relation) => open(others, [relation], (relations) => work(connection, relations)),
    { signal },
  );

  // The frames of the further sets stay pinned while `work` runs; only the first connection is used.
  async function open(
    rest: readonly VisibleSet[],
    relations: string[],
    then: (relations: string[]) => Promise<T>,
  ): Promise<T> {
    const [next, ...later] = rest;
    if (next === undefined) return then(relations);
    return frames.withRelation(next, (_, relation) => open(later, [...relations, relation], then), {
      signal,
    });
  }
}
