import type { FeatureDefinition } from '@app/shopping';
import type { ReportEntity } from '../report.entity.js';
import type { ReportOutcome } from './outcome.js';
import type { ShopperColumns } from './shopper-figures.js';

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
