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

export interface StatsGroup {
  key: Record<string, JsonValue>;
  count: number;
  columns: Summaries;
}

export interface StatsAnswer {
  /** Rows that match. */
  count: number;
  columns: Summaries;
  groupCount?: number;
  /** The largest first; equal ones by key, null last. */
  groups?: StatsGroup[];
}

/** `quantile_cont` holds all values outside of DuckDB's memory limit: beyond so many, values are counted instead. */
const MAX_HELD_VALUES = 4_000_000;

/** Figures of columns, over all rows that match and by groups of them. */
@Injectable()
export class FrameStats {
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
          const rows = { ...data, sql: `(SELECT 1 AS slot, * FROM ${data.sql})` };
          const overall = (await summarise.of(connection, rows)).get(1);
          if (overall === undefined) return { count: 0, columns: {} };
          if (keys === undefined) return overall;
          return { ...overall, ...(await groupsOf(connection, data, keys, query, summarise)) };
        },
        limits,
      ),
    );
  }
}

async function groupsOf(
  connection: DuckDBConnection,
  data: Conditions,
  keys: readonly Column[],
  { page, pageSize }: StatsQuery,
  summarise: Summarise,
): Promise<Pick<StatsAnswer, 'groupCount' | 'groups'>> {
  const names = keys.map(({ physical }) => physical);
  const groups = {
    sql: `SELECT ${names.join(', ')}, count(*) AS size FROM ${data.sql} GROUP BY ${names.join(', ')}`,
    values: data.values,
  };
  return withTable(connection, groups, async (table) => {
    const [[groupCount] = []] = await select(connection, `SELECT count(*) FROM ${table}`);
    const ranked = names.map((name) => `${name} NULLS LAST`);
    const order = ['size DESC', ...ranked].join(', ');
    const shown = {
      sql: `SELECT row_number() OVER (ORDER BY ${order}) AS slot, *
              FROM (SELECT * FROM ${table} ORDER BY ${order} LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize})`,
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
      return {
        groupCount: Number(groupCount),
        groups: found.flatMap(([slot, ...values]) => {
          const summary = summaries.get(Number(slot));
          return summary === undefined ? [] : [{ key: keyOf(keys, values), ...summary }];
        }),
      };
    });
  });
}

function keyOf(keys: readonly Column[], values: readonly DuckDBValue[]): Record<string, JsonValue> {
  const key = Object.create(null) as Record<string, JsonValue>;
  for (const [index, { name }] of keys.entries()) key[name] = jsonValue(values[index] ?? null);
  return key;
}

/** Makes the figures of some columns, for each `slot` of the rows it is given. */
class Summarise {
  constructor(
    private readonly columns: readonly Column[],
    private readonly holdsValues: boolean,
  ) {}

  async of(
    connection: DuckDBConnection,
    rows: Conditions,
  ): Promise<Map<number, { count: number; columns: Summaries }>> {
    const terms = this.columns.map((column) => summaryTerms(column, this.holdsValues));
    const found = await select(
      connection,
      `SELECT ${['slot', 'count(*)', ...terms.flat()].join(',\n')} FROM ${rows.sql} GROUP BY slot`,
      rows.values,
    );
    const summaries = new Map(
      found.map(([slot, counted, ...values]) => {
        const count = Number(counted);
        // Without prototype: a column may be called `__proto__`.
        const columns = Object.create(null) as Summaries;
        let at = 0;
        for (const [index, column] of this.columns.entries()) {
          const length = terms[index]?.length ?? 0;
          columns[column.name] = readSummary(column, count, values.slice(at, (at += length)));
        }
        return [Number(slot), { count, columns }];
      }),
    );
    if (!this.holdsValues) await this.addQuartiles(connection, rows, summaries);
    return summaries;
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
