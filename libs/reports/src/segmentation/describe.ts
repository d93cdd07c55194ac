import type { ClusterOutcome } from '@app/clustering';
import { buildSegments, type FeatureDefinition, type SegmentResult } from '@app/shopping';
import type { ReportEntity } from '../report.entity.js';
import type { ReportOutcome } from './outcome.js';
import type { ShopperColumns } from './shopper-figures.js';

const MAX_PROJECTED = 2000;

/** The clusters as segments, in the features' own units, with the habits of those who are in them. */
export function describeSegments(
  columns: ShopperColumns,
  { k, labels }: Pick<ClusterOutcome, 'k' | 'labels'>,
  { input, params }: Pick<ReportEntity, 'input' | 'params'>,
): SegmentResult {
  const { features, recency, orders, span, revenue, totalRevenue } = columns;
  return buildSegments({
    k,
    labels,
    columns: features,
    names: params.features,
    revenue: totalRevenue === null ? null : revenue,
    habits: input.kind === 'shoppers' ? null : { recencyDays: recency, frequency: orders, spanDays: span },
  });
}

/** What the report was made of. */
export function figuresOf(
  { sourceRows, shoppers, totalRevenue }: ShopperColumns,
  asOf: bigint | null,
  { input }: Pick<ReportEntity, 'input'>,
): ReportOutcome['data'] {
  const rows = input.datasets.reduce((sum, { rowCount }) => sum + rowCount, 0);
  return {
    rows: sourceRows,
    shoppers,
    excludedRows: rows - sourceRows,
    asOf: asOf === null ? null : new Date(Number(asOf / 1000n)).toISOString(),
    revenue: totalRevenue,
  };
}

/** Names the currency of the stores where they have one. */
export function unitsOf(
  features: readonly FeatureDefinition[],
  { input }: Pick<ReportEntity, 'input'>,
): FeatureDefinition[] {
  const currency = input.datasets.find((dataset) => dataset.currency !== null)?.currency;
  return features.map((feature) => ({
    ...feature,
    unit: feature.unit.replace('currency', currency ?? 'currency'),
  }));
}

/** Every n-th shopper by id, so that a picture of a million stays a picture. */
export function projectionOf(plane: Float64Array, labels: Uint8Array): ReportOutcome['projection'] {
  const step = Math.ceil(labels.length / MAX_PROJECTED);
  const points: ReportOutcome['projection'] = [];
  for (let row = 0; row < labels.length; row += step) {
    points.push({ x: plane[2 * row] ?? 0, y: plane[2 * row + 1] ?? 0, segment: labels[row] ?? 0 });
  }
  return points;
}
