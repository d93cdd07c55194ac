/** What a mean silhouette says, by the classes of Kaufman and Rousseeuw (Finding Groups in Data, 1990). */
export function clarity(silhouette: number): string {
  if (silhouette > 0.7) return 'The groups stand clearly apart.';
  if (silhouette > 0.5) return 'The groups stand apart, with few shoppers between them.';
  if (silhouette > 0.25)
    return 'The groups differ, but pass into each other: shoppers at their borders could belong to either.';
  return 'Shoppers differ by degrees rather than in groups: read the segments as slices of one crowd.';
}

/** What stability says: the mean adjusted Rand index between the segments and those of resampled shoppers. */
export function steadiness(stability: number): string {
  if (stability > 0.9) return 'Other samples of the same shoppers give nearly the same segments.';
  if (stability > 0.75) return 'Other samples of the same shoppers give much the same segments.';
  if (stability > 0.5) return 'Other samples of the same shoppers move some of them to other segments.';
  return 'Other samples of the same shoppers give other segments: take these with care.';
}
