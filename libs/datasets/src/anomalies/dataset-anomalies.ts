import type { ColumnProfile } from '@app/frames';
import type { LinkEntity } from '../links/link.entity.js';

/** Something that is to be said of a dataset as a whole. */
export interface DatasetAnomaly {
  type: 'duplicate_row' | 'constant_column' | 'empty_column' | 'outlier' | 'orphan';
  column: string | null;
  /** Rows or values it concerns. */
  count: number;
  message: string;
  /** Of an orphan: the link whose rows are listed by `/links/{id}/orphans`. */
  linkId?: string;
}

/**
 * SQL of how many rows equal an earlier one, by 128 bits made of two hashes over the columns in opposite order, as whole rows
 * would not fit into memory.
 */
export const repeatedRows = (relation: string, columns: readonly string[]): string =>
  `SELECT coalesce(sum(times - 1), 0)
     FROM (SELECT count(*) AS times
             FROM (SELECT hash(${columns.join(', ')}) AS h, hash(${columns.toReversed().join(', ')}) AS g FROM ${relation})
            GROUP BY h, g)`;

/** What a column's profile shows to be strange. */
export function columnAnomalies({
  name: column,
  count,
  nulls,
  distinct,
  outliers,
}: ColumnProfile): DatasetAnomaly[] {
  if (count === 0) {
    return nulls === 0
      ? []
      : [{ type: 'empty_column', column, count: nulls, message: 'No row has a value in this column.' }];
  }
  const anomalies: DatasetAnomaly[] = [];
  if (distinct === 1 && count > 1) {
    const message = 'All values of this column are the same.';
    anomalies.push({ type: 'constant_column', column, count, message });
  }
  if (outliers !== null && outliers.count > 0) {
    const message = `Values below ${outliers.lower} or above ${outliers.upper}: more than 1.5 times the interquartile range from the quartiles.`;
    anomalies.push({ type: 'outlier', column, count: outliers.count, message });
  }
  return anomalies;
}

/** Rows of a dataset that point at something which is not there. */
export const linkAnomalies = (links: readonly LinkEntity[], datasetId: string): DatasetAnomaly[] =>
  links.flatMap(({ id, fromDatasetId, fromColumn, lastCheck }): DatasetAnomaly[] => {
    const orphans = lastCheck?.counts.orphans ?? 0;
    if (fromDatasetId !== datasetId || orphans === 0) return [];
    const message = 'Rows whose value is not in the linked dataset.';
    return [{ type: 'orphan', column: fromColumn, count: orphans, message, linkId: id }];
  });
