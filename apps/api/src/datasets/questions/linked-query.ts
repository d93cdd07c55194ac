import { type RowTree, tablesOf } from '@app/frames';
import { invalidParameter } from '@app/problems';
import { columnNames } from '../rows-query.js';

/**
 * The columns of text that `split` names, in whichever of the tables.
 * @throws Problem invalid_parameter where none of them has such a column
 */
export function columnsToSplit(tree: RowTree, given: readonly string[]): Set<string> {
  const texts = new Set(
    tablesOf(tree).flatMap(({ columns }) =>
      columns.filter(({ type }) => type === 'text').map(({ name }) => name),
    ),
  );
  const names = given.flatMap((value) => columnNames(value, texts));
  const unknown = names.find((name) => !texts.has(name));
  if (unknown !== undefined) {
    throw invalidParameter('split', `there is no column of text "${unknown.slice(0, 64)}"`);
  }
  return new Set(names);
}
