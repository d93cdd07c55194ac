import { columnNamed, type Conditions } from '../conditions.js';
import { jsonMember, type JsonMember, jsonObject } from '../export/export-columns.js';
import { filteredRows } from '../questions/data-relation.js';
import { quoteLiteral } from '../../engine/sql.js';
import type { RowFilter } from '../visible-set.js';
import type { Column } from '../../columns/column.js';
import { linkKeys } from './link-key.js';
import type { LinkedTable, RowTree } from './row-tree.js';

/** What stands between the items of a list inside a cell. */
export const LIST_SEPARATOR = '|';

export interface NestedQuery {
  /** Names of the root's columns; all without it. */
  columns?: string[];
  /** Of the root's rows. */
  filters?: RowFilter[];
  /** Names of columns of text, of whichever table, whose cells are lists of items. */
  lists?: ReadonlySet<string>;
}

/**
 * SQL of a tree's rows, `upload`, `n` and `json`: each with the rows of the tables below nested in it. A table that is nested
 * is read once and grouped by its key, never row by row.
 * @param relations of the tree's tables, in the order of `tablesOf`
 * @throws Problem invalid_parameter for columns or filters that make no sense
 */
export function nestedRows(tree: RowTree, relations: readonly string[], query: NestedQuery): Conditions {
  const shown =
    query.columns?.map((name) => columnNamed(tree.visible, name, 'columns')) ?? tree.visible.columns;
  return new NestedSql([...relations], query.lists ?? new Set()).rows(tree, shown, query.filters ?? []);
}

class NestedSql {
  constructor(
    private readonly relations: string[],
    private readonly lists: ReadonlySet<string>,
  ) {}

  rows(tree: RowTree, columns: readonly Column[], filters: RowFilter[], ownKey?: string): Conditions {
    const { visible, links } = tree;
    const parents = links.map((link) => columnNamed(visible, link.parentColumn, 'include'));
    const own = filteredRows(visible, this.relations.shift() ?? '', visible.columns, filters);
    const members = columns.map((column) => this.member(column));
    const joins = links.map((link, index) => {
      const key = columnNamed(link.visible, link.ownColumn, 'include');
      const keys = linkKeys(parents[index] ?? key, key);
      const alias = `linked${index}`;
      const nothing = link.kind === 'many' ? '[]' : 'null';
      members.push({ name: link.member, sql: `CAST(coalesce(${alias}.json, '${nothing}') AS JSON)` });
      return `LEFT JOIN ${this.grouped(link, keys.to)} AS ${alias} ON ${alias}.k = ${keys.from}`;
    });
    const key = ownKey === undefined ? '' : `${ownKey} AS k, `;
    return {
      sql: `(SELECT upload, n, ${key}${jsonObject(members)} AS json FROM ${own.sql} ${joins.join(' ')})`,
      values: own.values,
    };
  }

  /** What is nested, by key: the first row that matches, or all of them as a list. */
  private grouped(link: LinkedTable, key: string): string {
    const { sql } = this.rows(link, link.visible.columns, [], key);
    const nested =
      link.kind === 'many'
        ? `'[' || string_agg(json, ',' ORDER BY upload, n) || ']'`
        : 'first(json ORDER BY upload, n)';
    return `(SELECT k, ${nested} AS json FROM ${sql} WHERE k IS NOT NULL GROUP BY k)`;
  }

  private member(column: Column): JsonMember {
    if (column.type !== 'text' || !this.lists.has(column.name)) return jsonMember(column);
    return { name: column.name, sql: `string_split(${column.physical}, ${quoteLiteral(LIST_SEPARATOR)})` };
  }
}
