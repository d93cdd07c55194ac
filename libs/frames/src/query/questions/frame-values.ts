import { Injectable } from '@nestjs/common';
import type { DuckDBValue } from '@duckdb/node-api';
import type { JsonValue } from '../../columns/column.js';
import { columnNamed } from '../conditions.js';
import { DEADLINE_MILLISECONDS, FrameQuery, type ReadOptions } from '../frame-query.js';
import { jsonValue } from '../json-rows.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import { shownText } from '../shown-text.js';
import type { RowFilter, VisibleSet } from '../visible-set.js';
import { filteredRows, withTable } from './data-relation.js';

export interface ValuesQuery {
  column: string;
  filters?: RowFilter[];
  /** Only values whose text holds this, whatever the case. */
  search?: string | undefined;
  /** Equal counts stand in the order of their values. Null comes last among equals. */
  ordering: { by: 'count' | 'value'; direction: 'ASC' | 'DESC' };
  /** From 1. */
  page: number;
  pageSize: number;
}

export interface CountedValue {
  value: JsonValue;
  count: number;
}

/** The distinct values of a column, with how many rows have each. */
@Injectable()
export class FrameValues {
  constructor(private readonly frames: FrameQuery) {}

  /** @throws Problem invalid_parameter for a column or filters that make no sense; unavailable */
  values(
    visible: VisibleSet,
    query: ValuesQuery,
    options: ReadOptions = {},
  ): Promise<{ count: number; values: CountedValue[] }> {
    const column = columnNamed(visible, query.column, 'column');
    const { physical } = column;
    const { page, pageSize, search, ordering } = query;
    const matches = search === undefined ? '' : `WHERE contains(lower(${shownText(column)}), lower(?))`;
    const bound: DuckDBValue[] = search === undefined ? [] : [search];
    const by = { count: 'size', value: physical }[ordering.by];
    const limits = { deadlineMilliseconds: DEADLINE_MILLISECONDS, ...options };
    return reachable(() =>
      this.frames.withRelation(
        visible,
        (connection, relation) => {
          const data = filteredRows(visible, relation, [column], query.filters ?? []);
          const counted = {
            sql: `SELECT ${physical}, count(*) AS size FROM ${data.sql} GROUP BY ${physical}`,
            values: data.values,
          };
          return withTable(connection, counted, async (table) => {
            const [[count] = []] = await select(
              connection,
              `SELECT count(*) FROM ${table} ${matches}`,
              bound,
            );
            const rows = await select(
              connection,
              `SELECT ${physical}, size FROM ${table} ${matches}
                ORDER BY ${by} ${ordering.direction} NULLS LAST, ${physical} NULLS LAST
                LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`,
              bound,
            );
            const values = rows.map(([value, size]) => ({
              value: jsonValue(value ?? null),
              count: Number(size),
            }));
            return { count: Number(count), values };
          });
        },
        limits,
      ),
    );
  }
}
