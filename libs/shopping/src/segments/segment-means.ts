import type { Difference } from './differences.js';

export type Centroid = Record<string, number>;

/** Means over a segment's shoppers, whatever features it was made by. */
export interface HabitMeans {
  recencyDays: number;
  frequency: number;
  /** Null where no amounts are known. */
  monetary: number | null;
  /** Mean time between two orders of those who ordered more than once; null where nobody did. */
  intervalDays: number | null;
}

export interface SegmentMeans {
  /** In the features' own units. */
  centroid: Centroid;
  /** How far it is from all others in each feature, in standard deviations of all shoppers; the largest first. */
  differences: readonly Pick<Difference, 'feature' | 'difference'>[];
  /** Null for shoppers datasets. */
  habits: HabitMeans | null;
}

export interface SegmentLabel {
  label: string;
  action: string;
}
