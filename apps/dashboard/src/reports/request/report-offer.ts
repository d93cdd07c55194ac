import type { Dataset } from '@app/api-client';
import { optionsOf } from '../../layout/options-of';
import { texts } from '../../texts';
import type { ReportChoice } from './report-choice';

/** What the data of a report can be grouped by. */
export interface ReportOffer {
  features: { value: string; label: string }[];
  /** Columns that may hold the groups; rows of orders have none. */
  groupColumns: string[];
  /** Scores are given to orders; a dataset of shoppers has none. */
  hasOrders: boolean;
}

const HABITS = optionsOf(texts.reports.featureNames);

export function offerOf(
  datasets: readonly Dataset[],
  choice: Pick<ReportChoice, 'datasetIds' | 'storeIds'>,
): ReportOffer {
  const meant = datasetsMeant(datasets, choice);
  if (meant.length === 0 || meant.some(({ kind }) => kind !== 'shoppers')) {
    const hasOrders = meant.some(({ kind }) => kind === 'transactions');
    return { features: HABITS, groupColumns: [], hasOrders };
  }
  const columns = meant.map(({ columns: all, mapping }) =>
    all.filter(({ name }) => name !== mapping.roles['shopperId']),
  );
  const [first = [], ...others] = columns;
  const shared = first.filter(({ name }) =>
    others.every((all) => all.some((column) => column.name === name)),
  );
  const numbers = shared.filter(({ type }) => type === 'integer' || type === 'decimal');
  return {
    features: numbers.map(({ name }) => ({ value: name, label: name })),
    groupColumns: shared.map(({ name }) => name),
    hasOrders: false,
  };
}

/** Those that are named, else all with orders, else all with shoppers, else whatever there is. */
function datasetsMeant(
  datasets: readonly Dataset[],
  { datasetIds, storeIds }: Pick<ReportChoice, 'datasetIds' | 'storeIds'>,
): readonly Dataset[] {
  if (datasetIds.length > 0) return datasets.filter(({ id }) => datasetIds.includes(id));
  const there = datasets.filter(
    ({ rowCount, storeId }) =>
      rowCount > 0 && (storeIds.length === 0 || (storeId !== null && storeIds.includes(storeId))),
  );
  const ofKind = (kind: Dataset['kind']) => there.filter((dataset) => dataset.kind === kind);
  return [ofKind('transactions'), ofKind('shoppers')].find(({ length }) => length > 0) ?? there;
}
