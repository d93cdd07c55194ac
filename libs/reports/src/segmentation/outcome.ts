import type { KScore } from '@app/clustering';
import type { FeatureDefinition, Segment } from '@app/shopping';

export interface TopProduct {
  product: string;
  revenue: number;
}

export interface ReportSegment extends Segment {
  /** The most sold by revenue, the first the most; empty where the data names no products or no amounts. */
  topProducts: TopProduct[];
}

/** What a finished report says, as it is stored. */
export interface ReportOutcome {
  data: {
    /** Rows the shoppers' habits were computed from. */
    rows: number;
    shoppers: number;
    /** Rows left out: no shopper, cancelled, returned, after `asOf`, incomplete. */
    excludedRows: number;
    /** The day of the report; null for shoppers datasets. */
    asOf: string | null;
    /** Null where no amounts are known. */
    revenue: number | null;
  };
  selection: KScore[];
  k: number;
  quality: { inertia: number; silhouette: number; stability: number | null };
  features: FeatureDefinition[];
  segments: ReportSegment[];
  /** At most 2,000 shoppers, evenly spread over the sorted ids. */
  projection: { x: number; y: number; segment: number }[];
}
