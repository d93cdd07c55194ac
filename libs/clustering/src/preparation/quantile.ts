/**
 * Quantile `share` (0…1) of ascending values by linear interpolation between the two nearest ranks
 * (method 7 of Hyndman & Fan 1996, the default of NumPy and pandas). NaN for no values.
 */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below];
  if (low === undefined) return Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}
