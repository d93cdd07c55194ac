import type { KScore } from '@app/clustering';
import type { FeatureDefinition, RfmCuts, RfmGroup, Segment } from '@app/shopping';

export interface TopProduct {
  /** Its name where the data has one, else its code. */
  product: string;
  code: string;
  revenue: number;
}

/** What a column that is no number says of a segment's shoppers. */
export interface Category {
  column: string;
  /** The most frequent ones; shares (0…1) of the segment and of all shoppers. */
  values: { value: string; share: number; overall: number }[];
}

export interface RfmSummary {
  cuts: RfmCuts;
  /** In the order of the names; groups without shoppers are left out. */
  groups: { group: RfmGroup; size: number; share: number; revenueShare: number | null }[];
}

export interface ReportSegment extends Segment {
  /** The most sold by revenue, the first the most; empty where the data names no products or no amounts. */
  topProducts: TopProduct[];
  /** Ids of a few typical shoppers, the most typical first. */
  examples: string[];
  /** For shoppers datasets; columns with many different values are left out. */
  categories: Category[];
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
    /** ISO 4217; null where no store names one. */
    currency: string | null;
  };
  selection: KScore[];
  k: number;
  quality: {
    inertia: number;
    silhouette: number;
    /** Shoppers in the sample behind the silhouettes; null where all of them are. */
    silhouetteSample: number | null;
    stability: number | null;
  };
  features: FeatureDefinition[];
  segments: ReportSegment[];
  /** At most 2,000 shoppers, evenly spread over the sorted ids. */
  projection: { x: number; y: number; segment: number }[];
  /** Where scores were asked for. */
  rfm: RfmSummary | null;
}
