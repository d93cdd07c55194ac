/** Columns of the members table that every report has; after them stand the features. */
export const MEMBER_COLUMNS = ['shopperId', 'segment'] as const;

/** Prefixed, so that a feature may have any name, `segment` too. */
export const memberFeature = (feature: string): string => `features.${feature}`;
