import type { DuckDBConnection } from '@duckdb/node-api';
import type { Conditions } from '../conditions.js';
import { select } from '../select.js';

/**
 * Quantiles by linear interpolation between the closest ranks, as pandas and NumPy do by default, from distinct
 * values and how often each occurs: exact, and unlike `quantile_cont` within DuckDB's memory limit.
 * @param counted SQL of a table with `slot` (which group), `value` (DOUBLE) and `times`
 * @returns by slot, one number a share (0…1); slots without values are absent
 */
export async function countedQuantiles(
  connection: DuckDBConnection,
  counted: Conditions,
  shares: readonly number[],
): Promise<Map<number, number[]>> {
  const terms = shares.flatMap((share) => [
    valueAt(`floor((total - 1) * CAST(${share} AS DOUBLE))`),
    valueAt(`ceil((total - 1) * CAST(${share} AS DOUBLE))`),
  ]);
  const rows = await select(
    connection,
    `WITH ranked AS (
       SELECT slot, value,
              CAST(sum(times) OVER (PARTITION BY slot ORDER BY value) AS DOUBLE) AS upto,
              CAST(sum(times) OVER (PARTITION BY slot) AS DOUBLE) AS total
         FROM ${counted.sql})
     SELECT ${['slot', 'any_value(total)', ...terms].join(', ')} FROM ranked GROUP BY slot`,
    counted.values,
  );
  return new Map(
    rows.map(([slot, total, ...ends]) => [
      Number(slot),
      shares.map((share, index) => {
        const rank = (Number(total) - 1) * share;
        const [low, high] = [Number(ends[index * 2]), Number(ends[index * 2 + 1])];
        return low + (high - low) * (rank - Math.floor(rank));
      }),
    ]),
  );
}

const valueAt = (rank: string): string => `min(value) FILTER (WHERE upto > ${rank})`;
