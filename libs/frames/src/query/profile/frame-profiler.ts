import { Injectable } from '@nestjs/common';
import { DuckDBDateValue, type DuckDBConnection, DuckDBTimestampValue } from '@duckdb/node-api';
import { Problem } from '@app/problems';
import type { Column, JsonValue } from '../../columns/column.js';
import { isFailure } from '../../engine/is-failure.js';
import { shownExtreme } from '../../model/column-extremes.js';
import { FrameQuery } from '../frame-query.js';
import { jsonValue } from '../json-rows.js';
import { countedQuantiles } from '../questions/counted-quantiles.js';
import { filteredRows, withTable } from '../questions/data-relation.js';
import { asDouble, isNumeric, readSummary, summaryTerms } from '../questions/summary.js';
import { select } from '../select.js';
import type { VisibleSet } from '../visible-set.js';
import {
  type ColumnProfile,
  type HistogramBin,
  type Outliers,
  PROFILE_QUANTILES,
  type QuantileName,
  type TypicalValues,
} from './column-profile.js';
import { equalEdges, wholeEdges } from './histogram-edges.js';

export interface ProfileOptions {
  signal: AbortSignal;
  onProgress?: (columnsDone: number, columns: number) => void;
}

const BINS = 20;
const TOP_VALUES = 10;
/** Values this many times the interquartile range away from the quartiles are outliers (Tukey's fences). */
const FENCE = 1.5;

/** Looks at every value of every column: work of minutes on large data, hence for workers. */
@Injectable()
export class FrameProfiler {
  constructor(private readonly frames: FrameQuery) {}

  /** @throws Problem unprocessable where the data needs more memory than there is; FrameStoreUnavailable */
  async profile(visible: VisibleSet, { signal, onProgress }: ProfileOptions): Promise<ColumnProfile[]> {
    const profiles: ColumnProfile[] = [];
    for (const column of visible.columns) {
      profiles.push(await this.profileColumn(visible, column, signal));
      onProgress?.(profiles.length, visible.columns.length);
    }
    return profiles;
  }

  private async profileColumn(
    visible: VisibleSet,
    column: Column,
    signal: AbortSignal,
  ): Promise<ColumnProfile> {
    try {
      return await this.frames.withRelation(
        visible,
        (connection, relation) => {
          const { physical } = column;
          const { sql } = filteredRows(visible, relation, [column], []);
          const counted = `SELECT ${physical}, count(*) AS times FROM ${sql} WHERE ${physical} IS NOT NULL GROUP BY ALL`;
          return withTable(connection, { sql: counted, values: [] }, async (table) => {
            const terms = summaryTerms(column, false).join(', ');
            const [[rows, ...values] = []] = await select(
              connection,
              `SELECT count(*), ${terms} FROM ${sql}`,
            );
            return new ColumnValues(connection, column, table).profile(
              readSummary(column, Number(rows), values),
            );
          });
        },
        { signal },
      );
    } catch (error) {
      if (!isFailure(error, 'Out of Memory Error')) throw error;
      throw new Problem(
        'unprocessable',
        `Column ${JSON.stringify(column.name)} needs more memory than a worker has (file_too_complex).`,
        { cause: error },
      );
    }
  }
}

/** A column's distinct values, in a table with how many `times` each occurs. */
class ColumnValues {
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly column: Column,
    private readonly table: string,
  ) {}

  async profile(summary: ReturnType<typeof readSummary>): Promise<ColumnProfile> {
    const { name, type } = this.column;
    const { count, nulls, min, max } = summary;
    const { mean, stddev, sum } = 'mean' in summary ? summary : { mean: null, stddev: null, sum: null };
    const [[distinct] = []] = await select(this.connection, `SELECT count(*) FROM ${this.table}`);
    const quantiles = await this.quantiles();
    const numbers = isNumeric(this.column) ? quantiles : null;
    return {
      name,
      type,
      count,
      nulls,
      distinct: Number(distinct),
      min,
      max,
      mean,
      stddev,
      sum,
      quantiles: quantiles && this.shown(quantiles),
      histogram: numbers && (await this.histogram()),
      ...(numbers === null ? { outliers: null, typical: null } : await this.fenced(numbers)),
      topValues: isNumeric(this.column) ? null : await this.topValues(),
    };
  }

  private async quantiles(): Promise<Record<QuantileName, number> | null> {
    const scale = this.scale();
    if (scale === null) return null;
    const names = Object.keys(PROFILE_QUANTILES) as QuantileName[];
    const sql = `(SELECT 1 AS slot, CAST(${scale} AS DOUBLE) AS value, times FROM ${this.table})`;
    const shares = names.map((name) => PROFILE_QUANTILES[name]);
    const found = (await countedQuantiles(this.connection, { sql, values: [] }, shares)).get(1);
    if (found === undefined) return null;
    return Object.fromEntries(names.map((name, index) => [name, found[index] ?? 0])) as Record<
      QuantileName,
      number
    >;
  }

  /** SQL of the values as numbers: days and microseconds since 1970 for times; null where there is no such. */
  private scale(): string | null {
    const { physical, type } = this.column;
    if (type === 'date') return `(${physical} - DATE '1970-01-01')`;
    if (type === 'timestamp') return `epoch_us(${physical})`;
    return isNumeric(this.column) ? physical : null;
  }

  private shown(quantiles: Record<QuantileName, number>): Record<QuantileName, JsonValue> {
    const show = (value: number): JsonValue => {
      if (this.column.type === 'date') return jsonValue(new DuckDBDateValue(Math.floor(value)));
      if (this.column.type === 'timestamp') {
        return jsonValue(new DuckDBTimestampValue(BigInt(Math.round(value))));
      }
      return value;
    };
    const entries = Object.entries(quantiles).map(([name, value]) => [name, show(value)]);
    return Object.fromEntries(entries) as Record<QuantileName, JsonValue>;
  }

  private async histogram(): Promise<HistogramBin[]> {
    const value = asDouble(this.column);
    const [[low, high] = []] = await select(
      this.connection,
      `SELECT min(${value}), max(${value}) FROM ${this.table}`,
    );
    return this.counted(equalEdges(Number(low), Number(high), BINS));
  }

  /** How many values there are between each edge and the next. */
  private async counted(edges: readonly number[]): Promise<HistogramBin[]> {
    const value = asDouble(this.column);
    const bins = edges.slice(1).map((to, bin) => ({ from: edges[bin] ?? to, to }));
    const terms = bins.map(
      (_, bin) =>
        `sum(times) FILTER (WHERE ${value} >= ? AND ${value} ${bin === bins.length - 1 ? '<=' : '<'} ?)`,
    );
    const [counts = []] = await select(
      this.connection,
      `SELECT ${terms.join(', ')} FROM ${this.table}`,
      bins.flatMap(({ from, to }) => [from, to]),
    );
    return bins.map((bin, index) => ({ ...bin, count: Number(counts[index] ?? 0) }));
  }

  private async fenced({
    p25,
    p75,
  }: Record<QuantileName, number>): Promise<{ outliers: Outliers; typical: TypicalValues }> {
    const reach = FENCE * (p75 - p25);
    const [lower, upper] = [p25 - reach, p75 + reach];
    const value = asDouble(this.column);
    const [found = []] = await select(
      this.connection,
      `SELECT sum(times) FILTER (WHERE ${value} < $1), sum(times) FILTER (WHERE ${value} > $2),
              min(${value}) FILTER (WHERE ${value} BETWEEN $1 AND $2),
              max(${value}) FILTER (WHERE ${value} BETWEEN $1 AND $2) FROM ${this.table}`,
      [lower, upper],
    );
    const [below = 0, above = 0, least = 0, greatest = 0] = found.map(Number);
    const edges =
      this.column.type === 'integer' ? wholeEdges(least, greatest, BINS) : equalEdges(least, greatest, BINS);
    return {
      outliers: { count: below + above, lower, upper },
      typical: { below, above, histogram: await this.counted(edges) },
    };
  }

  private async topValues(): Promise<{ value: JsonValue; count: number }[]> {
    const { physical } = this.column;
    const rows = await select(
      this.connection,
      `SELECT ${physical}, times FROM ${this.table} ORDER BY times DESC, ${physical} LIMIT ${TOP_VALUES}`,
    );
    return rows.map(([value, times]) => {
      const shown = jsonValue(value ?? null);
      return { value: typeof shown === 'string' ? shownExtreme(shown) : shown, count: Number(times) };
    });
  }
}
