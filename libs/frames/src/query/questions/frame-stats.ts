import { Injectable } from '@nestjs/common';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Column, JsonValue } from '../../columns/column.js';
import { columnNamed, type Conditions } from '../conditions.js';
import { DEADLINE_MILLISECONDS, FrameQuery, type ReadOptions } from '../frame-query.js';
import { jsonValue } from '../json-rows.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import type { RowFilter, VisibleSet } from '../visible-set.js';
import { countedQuantiles } from './counted-quantiles.js';
import { filteredRows, withTable } from './data-relation.js';
import { FEW_GROUPS, KnownGroups } from './known-groups.js';
import {
  asDouble,
  isNumeric,
  type NumberSummary,
  QUARTILES,
  readSummary,
  summaryTerms,
  type ValueSummary,
} from './summary.js';

export interface StatsQuery {
  /** Names; all numeric columns without it. */
  columns?: string[];
  groupBy?: string[];
  filters?: RowFilter[];
  /** Of the groups; from 1. */
  page: number;
  pageSize: number;
}

export type Summaries = Record<string, ValueSummary | NumberSummary>;

interface Summary {
  /** Rows. */
  count: number;
  columns: Summaries;
}

export interface StatsGroup extends Summary {
  key: Record<string, JsonValue>;
}

/** Of the rows that match. */
export interface StatsAnswer extends Summary {
  groupCount?: number;
  /** The largest first; equal ones by key, null last. */
  groups?: StatsGroup[];
}

const NOTHING: StatsAnswer = { count: 0, columns: {} };

/** `quantile_cont` holds all values outside of DuckDB's memory limit: beyond so many, values are counted instead. */
const MAX_HELD_VALUES = 4_000_000;

/** Figures of columns, over all rows that match and by groups of them. */
@Injectable()
export class FrameStats {
  private readonly groups = new KnownGroups();

  constructor(private readonly frames: FrameQuery) {}

  /** @throws Problem invalid_parameter for columns or filters that make no sense; unavailable */
  stats(visible: VisibleSet, query: StatsQuery, options: ReadOptions = {}): Promise<StatsAnswer> {
    const named = (names: readonly string[], field: string): Column[] =>
      [...new Set(names)].map((name) => columnNamed(visible, name, field));
    const columns =
      query.columns === undefined ? visible.columns.filter(isNumeric) : named(query.columns, 'column');
    const keys = query.groupBy === undefined ? undefined : named(query.groupBy, 'groupBy');
    const summarise = new Summarise(columns, visible.rowCount * columns.length <= MAX_HELD_VALUES);
    const limits = { deadlineMilliseconds: DEADLINE_MILLISECONDS, ...options };
    return reachable(() =>
      this.frames.withRelation(
        visible,
        async (connection, relation) => {
          const data = filteredRows(visible, relation, [...columns, ...(keys ?? [])], query.filters ?? []);
          if (keys === undefined) return overallStats(connection, data, summarise);
          const few =
            summarise.holdsValues && (await this.groups.areFew(connection, relation, visible, keys));
          return (few ? fewGroups : manyGroups)(connection, data, keys, query, summarise);
        },
        limits,
      ),
    );
  }
}

async function overallStats(
  connection: DuckDBConnection,
  data: Conditions,
  summarise: Summarise,
): Promise<Summary> {
  const rows = { ...data, sql: `(SELECT 1 AS slot, * FROM ${data.sql})` };
  return (await summarise.of(connection, rows)).get(1) ?? NOTHING;
}

/** All groups and the rows together, of which a page is shown. */
async function fewGroups(
  connection: DuckDBConnection,
  data: Conditions,
  keys: readonly Column[],
  { page, pageSize }: StatsQuery,
  summarise: Summarise,
): Promise<StatsAnswer> {
  const [all, ...every] = await summarise.withGroups(connection, data, keys, largestFirst(keys));
  if (all === undefined || every.length === 0) return NOTHING;
  const before = (page - 1) * pageSize;
  const { count, columns } = all;
  return { count, columns, groupCount: every.length, groups: every.slice(before, before + pageSize) };
}

/** Counts the groups, then tells of those that are shown. */
async function manyGroups(
  connection: DuckDBConnection,
  data: Conditions,
  keys: readonly Column[],
  query: StatsQuery,
  summarise: Summarise,
): Promise<StatsAnswer> {
  const { page, pageSize } = query;
  const names = keys.map(({ physical }) => physical);
  const order = largestFirst(keys);
  const sizes = {
    sql: `SELECT ${names.join(', ')}, count(*) AS size FROM ${data.sql} GROUP BY ${names.join(', ')}`,
    values: data.values,
  };
  return withTable(connection, sizes, async (table) => {
    const [[counted] = []] = await select(connection, `SELECT count(*) FROM ${table}`);
    const groupCount = Number(counted);
    if (groupCount === 0) return NOTHING;
    if (groupCount <= FEW_GROUPS && summarise.holdsValues)
      return fewGroups(connection, data, keys, query, summarise);
    const before = (page - 1) * pageSize;
    const overall = await overallStats(connection, data, summarise);
    const shown = {
      sql: `SELECT row_number() OVER (ORDER BY ${order}) AS slot, *
              FROM (SELECT * FROM ${table} ORDER BY ${order} LIMIT ${pageSize} OFFSET ${before})`,
      values: [],
    };
    return withTable(connection, shown, async (pageTable) => {
      const equal = names.map((name) => `data.${name} IS NOT DISTINCT FROM page.${name}`).join(' AND ');
      const rows = {
        sql: `(SELECT slot, data.* FROM ${data.sql} AS data JOIN ${pageTable} AS page ON ${equal})`,
        values: data.values,
      };
      const summaries = await summarise.of(connection, rows);
      const found = await select(
        connection,
        `SELECT ${['slot', ...names].join(', ')} FROM ${pageTable} ORDER BY slot`,
      );
      const groups = found.flatMap(([slot, ...values]) => {
        const summary = summaries.get(Number(slot));
        return summary === undefined ? [] : [{ key: keyOf(keys, values), ...summary }];
      });
      return { ...overall, groupCount, groups };
    });
  });
}

const largestFirst = (keys: readonly Column[]): string =>
  ['size DESC', ...keys.map(({ physical }) => `${physical} NULLS LAST`)].join(', ');

function keyOf(keys: readonly Column[], values: readonly DuckDBValue[]): Record<string, JsonValue> {
  const key = Object.create(null) as Record<string, JsonValue>;
  for (const [index, { name }] of keys.entries()) key[name] = jsonValue(values[index] ?? null);
  return key;
}

/** Makes the figures of some columns. */
class Summarise {
  private readonly terms: readonly string[][];

  /** @param holdsValues whether quartiles are of all values at once, not of counted ones */
  constructor(
    private readonly columns: readonly Column[],
    readonly holdsValues: boolean,
  ) {
    this.terms = columns.map((column) => summaryTerms(column, holdsValues));
  }

  /** For each `slot` of the rows it is given. */
  async of(connection: DuckDBConnection, rows: Conditions): Promise<Map<number, Summary>> {
    const found = await select(
      connection,
      `SELECT ${['slot', 'count(*)', ...this.terms.flat()].join(',\n')} FROM ${rows.sql} GROUP BY slot`,
      rows.values,
    );
    const summaries = new Map(found.map(([slot, ...values]) => [Number(slot), this.read(values)]));
    if (!this.holdsValues) await this.addQuartiles(connection, rows, summaries);
    return summaries;
  }

  /**
   * All rows, then each group in an order of keys and `size`: where the groups are few, one pass over the rows makes both.
   */
  async withGroups(
    connection: DuckDBConnection,
    rows: Conditions,
    keys: readonly Column[],
    order: string,
  ): Promise<StatsGroup[]> {
    const names = keys.map(({ physical }) => physical);
    const found = await select(
      connection,
      `SELECT * EXCLUDE (overall) FROM (
         SELECT ${[`grouping(${names.join(', ')}) AS overall`, ...names, 'count(*) AS size', ...this.terms.flat()].join(',\n')}
           FROM ${rows.sql} GROUP BY GROUPING SETS ((${names.join(', ')}), ()))
        ORDER BY overall DESC, ${order}`,
      rows.values,
    );
    return found.map((values) => ({
      key: keyOf(keys, values.slice(0, keys.length)),
      ...this.read(values.slice(keys.length)),
    }));
  }

  private read([counted, ...values]: readonly DuckDBValue[]): Summary {
    const count = Number(counted);
    // Without prototype: a column may be called `__proto__`.
    const columns = Object.create(null) as Summaries;
    let at = 0;
    for (const [index, column] of this.columns.entries()) {
      const length = this.terms[index]?.length ?? 0;
      columns[column.name] = readSummary(column, count, values.slice(at, (at += length)));
    }
    return { count, columns };
  }

  private async addQuartiles(
    connection: DuckDBConnection,
    rows: Conditions,
    summaries: Map<number, { columns: Summaries }>,
  ): Promise<void> {
    for (const column of this.columns.filter(isNumeric)) {
      const counted = {
        sql: `(SELECT slot, ${asDouble(column)} AS value, count(*) AS times FROM ${rows.sql}
                WHERE ${column.physical} IS NOT NULL GROUP BY ALL)`,
        values: rows.values,
      };
      const quartiles = await countedQuantiles(connection, counted, QUARTILES);
      for (const [slot, { columns }] of summaries) {
        const [p25 = null, p50 = null, p75 = null] = quartiles.get(slot) ?? [];
        Object.assign(columns[column.name] ?? {}, { p25, p50, p75 });
      }
    }
  }
}
