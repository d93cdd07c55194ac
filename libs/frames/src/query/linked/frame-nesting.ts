import { Injectable } from '@nestjs/common';
import { invalidParameter, Problem } from '@app/problems';
import type { JsonValue } from '../../columns/column.js';
import { isFailure } from '../../engine/is-failure.js';
import { columnNamed } from '../conditions.js';
import {
  EXPORT_DEADLINE_MILLISECONDS,
  type ExportedTable,
  FrameExport,
  jsonOptions,
} from '../export/frame-export.js';
import { DEADLINE_MILLISECONDS, FrameQuery } from '../frame-query.js';
import { jsonRows } from '../json-rows.js';
import { filteredRows } from '../questions/data-relation.js';
import { reachable } from '../reachable.js';
import { select } from '../select.js';
import type { VisibleSet } from '../visible-set.js';
import { linkKeys } from './link-key.js';
import { LIST_SEPARATOR, type NestedQuery, nestedRows } from './nested-sql.js';
import { type LinkedTable, type RowTree, tablesOf } from './row-tree.js';
import { withRelations } from './with-relations.js';

export type NestedValue = JsonValue | string[] | NestedRow | null | NestedRow[];
export interface NestedRow {
  [name: string]: NestedValue;
}

export interface NestedExportQuery extends NestedQuery {
  format: 'json' | 'ndjson';
}

/** Rows that one page of rows may have nested in it, by each link. */
export const MAX_NESTED_ROWS = 10_000;

/** Nests rows of linked tables in rows. */
@Injectable()
export class FrameNesting {
  constructor(
    private readonly frames: FrameQuery,
    private readonly exports: FrameExport,
  ) {}

  /**
   * Rows with what is linked to them, one question a link whatever the number of rows.
   * @param rows of the tree's root, with the columns by which it is linked
   * @throws Problem invalid_parameter where too many rows would be nested; unavailable
   */
  async nest(
    tree: RowTree,
    rows: readonly Record<string, JsonValue>[],
    lists: ReadonlySet<string> = new Set(),
  ): Promise<NestedRow[]> {
    const nested = rows.map((row) => withLists(row, tree.visible, lists));
    for (const link of tree.links) {
      const keys = rows.map((row) => textOf(row[link.parentColumn] ?? null));
      const values = [...new Set(keys.filter((key) => key !== null))];
      const found = values.length === 0 ? [] : await this.find(tree.visible, link, values);
      const below = await this.nest(
        link,
        found.map(({ row }) => row),
        lists,
      );
      const byValue = new Map<string | null, NestedRow[]>();
      for (const [index, { value }] of found.entries()) {
        byValue.set(value, [...(byValue.get(value) ?? []), below[index] as NestedRow]);
      }
      for (const [index, row] of nested.entries()) {
        const matching = byValue.get(keys[index] ?? null) ?? [];
        row[link.member] = link.kind === 'many' ? matching : (matching[0] ?? null);
      }
    }
    return nested;
  }

  /**
   * All rows of the root that match, with what is linked to them nested in them, as a file. Rows that are nested have all
   * their columns.
   * @throws Problem invalid_parameter for columns or filters that make no sense; unprocessable where the nested rows do not
   * fit into memory; unavailable; the signal's reason
   */
  async export(tree: RowTree, query: NestedExportQuery, signal: AbortSignal): Promise<ExportedTable> {
    try {
      return await this.exports.file({ selected: 'json', options: jsonOptions(query.format) }, (copy) =>
        withRelations(
          this.frames,
          tablesOf(tree),
          (connection, relations) => {
            const { sql, values } = nestedRows(tree, relations, query);
            return copy(connection, { sql: `(FROM ${sql} ORDER BY upload, n)`, values });
          },
          { signal, deadlineMilliseconds: EXPORT_DEADLINE_MILLISECONDS },
        ),
      );
    } catch (error) {
      if (!isFailure(error, 'Out of Memory Error')) throw error;
      throw new Problem(
        'unprocessable',
        'So many nested rows do not fit into memory: filter, or include less.',
        {
          cause: error,
        },
      );
    }
  }

  /** The rows of a linked table that match values of the table above, of each value in the order of uploads and rows. */
  private async find(
    parent: VisibleSet,
    link: LinkedTable,
    values: string[],
  ): Promise<{ value: string; row: Record<string, JsonValue> }[]> {
    const { columns } = link.visible;
    const above = columnNamed(parent, link.parentColumn, 'include');
    const own = columnNamed(link.visible, link.ownColumn, 'include');
    const keys = linkKeys(above, own);
    const given = `(SELECT unnest(range(len(list))) AS place, CAST(unnest(list) AS ${above.storage}) AS ${above.physical}
                      FROM (SELECT CAST(CAST(? AS JSON) AS VARCHAR[]) AS list))`;
    const first =
      link.kind === 'one' ? 'QUALIFY row_number() OVER (PARTITION BY place ORDER BY upload, n) = 1' : '';
    const found = await reachable(() =>
      this.frames.withRelation(
        link.visible,
        (connection, relation) =>
          select(
            connection,
            `SELECT ${['place', ...columns.map(({ physical }) => physical)].join(', ')}
               FROM (SELECT *, ${keys.to} AS k FROM ${filteredRows(link.visible, relation, columns, []).sql})
               JOIN (SELECT place, ${keys.from} AS k FROM ${given}) USING (k) ${first}
              ORDER BY place, upload, n LIMIT ${MAX_NESTED_ROWS + 1}`,
            [JSON.stringify(values)],
          ),
        { deadlineMilliseconds: DEADLINE_MILLISECONDS },
      ),
    );
    if (found.length > MAX_NESTED_ROWS) throw tooManyRows();
    const rows = jsonRows(
      columns,
      found.map((row) => row.slice(1)),
    );
    return rows.map((row, index) => ({ value: values[Number(found[index]?.[0])] ?? '', row }));
  }
}

const tooManyRows = (): Problem =>
  invalidParameter(
    'include',
    `more than ${MAX_NESTED_ROWS} rows would be nested in this page: ask for a smaller one, or export.`,
  );

/** A value as it is cast back into its column's type. */
const textOf = (value: JsonValue): string | null => (value === null ? null : String(value));

/** A copy, of which cells that are lists become such. */
function withLists(
  row: Record<string, JsonValue>,
  { columns }: VisibleSet,
  lists: ReadonlySet<string>,
): NestedRow {
  const copy = Object.assign(Object.create(null), row) as NestedRow;
  for (const { name, type } of columns) {
    const cell = copy[name];
    if (type === 'text' && lists.has(name) && typeof cell === 'string')
      copy[name] = cell.split(LIST_SEPARATOR);
  }
  return copy;
}
