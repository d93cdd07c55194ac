import type { Column } from '../../columns/column.js';
import { asDouble, isNumeric } from '../questions/summary.js';
import { shownText } from '../shown-text.js';

const isTemporal = ({ type }: Column): boolean => type === 'date' || type === 'timestamp';

/**
 * SQL of the values by which the rows of two tables belong together, over columns as answers show them (times in UTC).
 * Times meet as times; whatever else differs in type meets by the text that answers show of it, which is exact: `17850`
 * is `17850` whether it was read as number, as `17850.00` or as text, and `017850` is something else.
 */
export function linkKeys(from: Column, to: Column): { from: string; to: string } {
  const both = (sql: (column: Column) => string): { from: string; to: string } => ({
    from: sql(from),
    to: sql(to),
  });
  if (from.storage === to.storage) return both(({ physical }) => physical);
  if (isTemporal(from) && isTemporal(to)) return both(({ physical }) => `CAST(${physical} AS TIMESTAMP)`);
  const isInexact = from.storage === 'DOUBLE' || to.storage === 'DOUBLE';
  return both(isInexact && isNumeric(from) && isNumeric(to) ? asDouble : shownText);
}
