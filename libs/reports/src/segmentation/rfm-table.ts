import type { DuckDBConnection } from '@app/frames';
import { RFM_GROUPS, type RfmCuts, type RfmGroup, rfmQuantiles, rfmScores } from '@app/shopping';
import { RFM_SCORES } from '../members/member-columns.js';
import type { ReportParams } from '../request/report-params.js';
import type { RfmSummary } from './outcome.js';
import { firstRow, rowsOf, type ShopperFigures } from './shopper-figures.js';

export interface RfmTable {
  /** Scores by `place`, dropped together with the figures. */
  table: string;
  columns: string[];
  summary: RfmSummary;
}

/** Scores every shopper of a report. Equal data gives equal scores. */
export async function scoreShoppers(
  connection: DuckDBConnection,
  figures: ShopperFigures,
  asked: NonNullable<ReportParams['rfm']>,
): Promise<RfmTable> {
  const cuts = 'cuts' in asked ? asked.cuts : await quantilesOf(connection, figures, asked.bins);
  const table = `${figures.table}_scores`;
  const { text, values } = rfmScores(figures.table, cuts);
  await connection.run(`CREATE OR REPLACE TABLE ${table} AS ${text}`, values);
  const rows = await rowsOf(connection, {
    text: `SELECT grp, count(*) AS size, count(*) / sum(count(*)) OVER () AS share,
        CAST(sum(revenue) AS DOUBLE) / nullif(CAST(sum(sum(revenue)) OVER () AS DOUBLE), 0) AS revenue_share
      FROM ${figures.table} JOIN ${table} USING (place) GROUP BY grp`,
    values: {},
  });
  const byGroup = new Map(rows.map((row) => [row['grp'] as RfmGroup, row]));
  const groups = RFM_GROUPS.flatMap((group): RfmSummary['groups'] => {
    const row = byGroup.get(group);
    if (row === undefined) return [];
    const revenueShare = row['revenue_share'];
    return [
      {
        group,
        size: Number(row['size']),
        share: Number(row['share']),
        revenueShare: typeof revenueShare === 'number' ? revenueShare : null,
      },
    ];
  });
  return { table, columns: RFM_SCORES.map(({ column }) => column), summary: { cuts, groups } };
}

async function quantilesOf(
  connection: DuckDBConnection,
  figures: ShopperFigures,
  bins: number,
): Promise<RfmCuts> {
  const { r, f, m } = await firstRow(connection, rfmQuantiles(figures.table, bins));
  return { r: r as number[], f: f as number[], m: m as number[] };
}
