/** Columns of the members table that every report has; after them stand the features. */
export const MEMBER_COLUMNS = ['shopperId', 'segment'] as const;

/** Prefixed, so that a feature may have any name, `segment` too. */
export const memberFeature = (feature: string): string => `features.${feature}`;

/** The scores of a member, in the report's table of them and in the members table. */
export const RFM_SCORES = [
  { column: 'r', member: 'rfm.r' },
  { column: 'f', member: 'rfm.f' },
  { column: 'm', member: 'rfm.m' },
  { column: 'grp', member: 'rfm.group' },
] as const;
