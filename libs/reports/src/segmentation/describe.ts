import type { FeatureDefinition } from '@app/shopping';
import type { ReportEntity } from '../report.entity.js';
import type { ReportInput } from '../request/report-input.js';
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
    currency: currencyOf(input),
  };
}

/** ISO 4217; all stores of a report that name one name the same. */
export const currencyOf = ({ datasets }: Pick<ReportInput, 'datasets'>): string | null =>
  datasets.find(({ currency }) => currency !== null)?.currency ?? null;

/** Names the currency of the stores where they have one. */
export function unitsOf(
  features: readonly FeatureDefinition[],
  { input }: Pick<ReportEntity, 'input'>,
): FeatureDefinition[] {
  const currency = currencyOf(input);
  return features.map((feature) => ({
    ...feature,
    unit: feature.unit.replace('currency', currency ?? 'currency'),
  }));
}
