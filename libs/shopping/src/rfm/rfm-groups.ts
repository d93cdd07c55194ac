import type { Sql, SqlValues } from '../habits/sales.js';

/** The usual names of RFM groups, from those one wants most to those one has lost. */
export const RFM_GROUPS = [
  'Champions',
  'Loyal',
  'Potential loyalists',
  'New',
  'Promising',
  'Need attention',
  'About to sleep',
  'At risk',
  'Cannot lose',
  'Hibernating',
  'Lost',
] as const;

export type RfmGroup = (typeof RFM_GROUPS)[number];

/**
 * The group by recency score (rows, 1 = longest ago … 5 = latest) and the rounded mean of the scores of frequency and
 * money (columns, 1…5): the map most shop systems use, with the worst of all set apart as Lost.
 */
const GRID: readonly (readonly RfmGroup[])[] = [
  ['Lost', 'Hibernating', 'At risk', 'At risk', 'Cannot lose'],
  ['Hibernating', 'Hibernating', 'At risk', 'At risk', 'Cannot lose'],
  ['About to sleep', 'About to sleep', 'Need attention', 'Loyal', 'Loyal'],
  ['Promising', 'Potential loyalists', 'Potential loyalists', 'Loyal', 'Loyal'],
  ['New', 'Potential loyalists', 'Potential loyalists', 'Champions', 'Champions'],
];

/** Values at which the next score begins to count: those above the first have score 2, and so on. */
export interface RfmCuts {
  /** Days since the last purchase; few days give the best score. */
  r: number[];
  /** Orders. */
  f: number[];
  /** Money spent. */
  m: number[];
}

const MIDDLE = 3;
const FIVE = 5;

/**
 * SQL of the columns `place`, `r`, `f`, `m` (scores from 1, the best the highest) and `grp` over the table
 * `shoppers` with `recency`, `orders`, `revenue`. Equal values always have equal scores. Where there are more or fewer than five scores, they
 * are stretched evenly to five for the group's name.
 */
export function rfmScores(shoppers: string, cuts: RfmCuts): Sql {
  const values: SqlValues = {};
  const above = (name: keyof RfmCuts, column: string): string =>
    cuts[name]
      .map((cut, index) => {
        values[`${name}${index}`] = cut;
        return `CAST(CAST(${column} AS DOUBLE) > CAST($${name}${index} AS DOUBLE) AS INTEGER)`;
      })
      .join(' + ');
  const five = (name: keyof RfmCuts): string =>
    cuts[name].length === 0 ? String(MIDDLE) : `1 + ${FIVE - 1} * (${name} - 1) / ${cuts[name].length}.0`;
  const names = GRID.flat().map((name) => `'${name}'`);
  const worth = `CAST(floor((round(${five('f')}) + round(${five('m')})) / 2.0 + 0.5) AS INTEGER)`;
  const place = `(CAST(round(${five('r')}) AS INTEGER) - 1) * ${FIVE} + ${worth}`;
  return {
    values,
    text: `SELECT place, r, f, m, list_extract([${names.join(', ')}], ${place}) AS grp FROM (
      SELECT place, ${cuts.r.length + 1} - (${above('r', 'recency') || '0'}) AS r,
        1 + (${above('f', 'orders') || '0'}) AS f, 1 + (${above('m', 'revenue') || '0'}) AS m FROM ${shoppers})`,
  };
}

/** SQL of the cuts that make `bins` groups of about equal size, as lists `r`, `f`, `m`; interpolated as NumPy does. */
export function rfmQuantiles(shoppers: string, bins: number): Sql {
  const shares = Array.from({ length: bins - 1 }, (_, index) => (index + 1) / bins);
  const of = (column: string): string => `quantile_cont(CAST(${column} AS DOUBLE), [${shares.join(', ')}])`;
  return {
    text: `SELECT ${of('recency')} AS r, ${of('orders')} AS f, ${of('revenue')} AS m FROM ${shoppers}`,
    values: {},
  };
}
