/** Shoppers that were in one segment of an earlier report and are in one of a later. */
export interface Transition {
  from: number;
  to: number;
  count: number;
}

export interface Nearest {
  index: number;
  /** 0…1. */
  similarity: number;
}

/**
 * For each later segment the earlier one that is nearest: with the greatest Jaccard index of their shoppers, that is
 * those in both divided by those in either. The first of equally near ones; null where they share nobody.
 * @param earlier, later sizes of the segments by index
 */
export function nearestSegments(
  transitions: readonly Transition[],
  earlier: readonly number[],
  later: readonly number[],
): (Nearest | null)[] {
  return later.map((size, to) => {
    const similarities = transitions
      .filter((transition) => transition.to === to && transition.count > 0)
      .map(({ from, count }) => ({ index: from, similarity: count / ((earlier[from] ?? 0) + size - count) }))
      .sort((a, b) => b.similarity - a.similarity || a.index - b.index);
    return similarities[0] ?? null;
  });
}
