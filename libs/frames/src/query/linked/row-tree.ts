import type { VisibleSet } from '../visible-set.js';

/** A table with the tables whose rows are nested in its rows. */
export interface RowTree {
  visible: VisibleSet;
  links: LinkedTable[];
}

/** A table whose rows are nested in the rows of another one, by equal values of two columns. */
export interface LinkedTable extends RowTree {
  /** Name of the member that holds the nested rows. */
  member: string;
  /** `one`: the first row that matches, or null. `many`: all that match, as a list. */
  kind: 'one' | 'many';
  /** Column of the table above. */
  parentColumn: string;
  /** Column of this table. */
  ownColumn: string;
}

/** All tables of a tree, the root first, each before those nested in it. */
export const tablesOf = (tree: RowTree): VisibleSet[] => [tree.visible, ...tree.links.flatMap(tablesOf)];
