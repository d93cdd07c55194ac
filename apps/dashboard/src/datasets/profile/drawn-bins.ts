import type { DatasetProfile } from '@app/api-client';

type Column = Pick<DatasetProfile['columns'][number], 'type' | 'histogram' | 'typical'>;

interface DrawnBin {
  /** The least value that it may hold. */
  first: number;
  /** The greatest; of whole numbers the last one before the next bin. */
  last: number;
  count: number;
}

export interface DrawnBins {
  bins: DrawnBin[];
  least: number;
  greatest: number;
  /** Values that are not drawn, as they are far below. */
  below: number;
  above: number;
}

/**
 * What a histogram shows: the values that are no outliers, beside which those would be one bar. Where most values are one
 * and the same, all others are outliers: then all are shown.
 * @returns null for what is no column of numbers
 */
export function drawnBins({ type, histogram, typical }: Column): DrawnBins | null {
  if (typical === null || histogram === null) return null;
  const isTypical = typical.histogram.length > 1;
  const counted = isTypical ? typical.histogram : histogram;
  const bins = counted.map(({ from, to, count }, index) => {
    // The bins of all values have fractions for edges, whatever the values are.
    const isBeforeNext = isTypical && type === 'integer' && index < counted.length - 1;
    return { first: from, last: isBeforeNext ? to - 1 : to, count };
  });
  return {
    bins,
    least: bins[0]?.first ?? 0,
    greatest: bins.at(-1)?.last ?? 0,
    below: isTypical ? typical.below : 0,
    above: isTypical ? typical.above : 0,
  };
}
