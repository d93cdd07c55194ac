import type { DecimalMark } from '../columns/column.js';
import type { ObservedColumn } from './observe-columns.js';
import { type Aggregate, matches } from './staged-table.js';
import type { ColumnDirective, TypeDecision } from './typed-column.js';
import { CLASS_PATTERNS } from './observe-columns.js';

const MAX_BIGINT_DIGITS = 18;
const MAX_EXACT_INTEGER_DIGITS = 38;
/** Decimals of this many digits are 64-bit integers inside; wider ones cost speed and overflow in products. */
const MAX_DECIMAL_DIGITS = 18;

/** The number class that a column is read as. */
export interface NumericCandidate {
  decimal: DecimalMark;
  /** True where only whole numbers count as fitting. */
  whole: boolean;
}

const patternOf = ({ decimal, whole }: NumericCandidate): string =>
  CLASS_PATTERNS.get(`${whole ? 'integer' : 'number'}${decimal}`) ?? '';

/** Decimal mark that the columns of the file prove: those that only one mark fits. */
export function provenMark(columns: readonly ObservedColumn[]): DecimalMark {
  let balance = 0;
  for (const { values, fits } of columns) {
    const point = values > 0 && fits.get('number.') === values;
    const comma = values > 0 && fits.get('number,') === values;
    if (point !== comma) balance += point ? 1 : -1;
  }
  return balance < 0 ? ',' : '.';
}

/** The class under which all values of a column are numbers, or the best one where numbers are demanded. */
export function numericCandidate(
  column: ObservedColumn,
  directive: ColumnDirective,
  proven: DecimalMark,
): NumericCandidate | undefined {
  const marks: DecimalMark[] =
    directive.decimal === undefined ? [proven, proven === '.' ? ',' : '.'] : [directive.decimal];
  const fits = (decimal: DecimalMark): number => column.fits.get(`number${decimal}`) ?? 0;
  const { kind } = directive;
  if (kind === 'numeric' || kind === 'decimal' || kind === 'integer') {
    const best = marks.reduce((best, mark) => (fits(mark) > fits(best) ? mark : best));
    return { decimal: best, whole: kind === 'integer' };
  }
  const all = marks.find((mark) => column.values > 0 && fits(mark) === column.values);
  return all === undefined ? undefined : { decimal: all, whole: false };
}

/** A number's text without groups and with a point: what DuckDB casts. */
function plainNumber(text: string, { decimal }: NumericCandidate, grouped: boolean): string {
  const group = decimal === '.' ? ',' : '.';
  const ungrouped = grouped ? `replace(${text}, '${group}', '')` : text;
  return decimal === ',' ? `replace(${ungrouped}, ',', '.')` : ungrouped;
}

/** What else must be known of the values of a numeric column. */
export function numericDetails(candidate: NumericCandidate): Map<string, Aggregate> {
  const only = (column: string): string => `FILTER (${matches(column, patternOf(candidate))})`;
  const plain = (column: string): string => plainNumber(`trim(${column}, ' \t')`, candidate, true);
  return new Map<string, Aggregate>([
    ['fitting', (column) => `count(*) ${only(column)}`],
    ['whole', (column) => `count(*) FILTER (${matches(column, patternOf({ ...candidate, whole: true }))})`],
    [
      'integerDigits',
      (column) => `max(strlen(ltrim(split_part(${plain(column)}, '.', 1), '-'))) ${only(column)}`,
    ],
    ['fractionDigits', (column) => `max(strlen(split_part(${plain(column)}, '.', 2))) ${only(column)}`],
    ['grouped', (column) => `count(*) FILTER (${column} LIKE '%${candidate.decimal === '.' ? ',' : '.'}%')`],
    [
      'exponents',
      (column) => `count(*) FILTER (${column} ILIKE '%e%' AND ${matches(column, patternOf(candidate))})`,
    ],
  ]);
}

/** The type of a numeric column; undefined where its numbers are too long for any. */
export function decideNumeric(
  column: ObservedColumn,
  text: string,
  candidate: NumericCandidate,
  details: ReadonlyMap<string, number>,
  demandsDecimal: boolean,
): TypeDecision | undefined {
  const detail = (key: string): number => details.get(key) ?? 0;
  const fitting = detail('fitting');
  const integerDigits = Math.max(1, detail('integerDigits'));
  const fractionDigits = detail('fractionDigits');
  const plain = plainNumber(text, candidate, detail('grouped') > 0);
  // Without this guard a cast would round, or read what is no number here.
  const guarded = (expression: string): string =>
    fitting === column.values
      ? expression
      : `CASE WHEN ${matches(`c${column.index}`, patternOf(candidate))} THEN ${expression} END`;
  const share = fitting === column.values ? `All ${fitting} values` : `${fitting} of ${column.values} values`;
  const mark = candidate.decimal === ',' ? ' with decimal comma' : '';

  if (!demandsDecimal && detail('whole') === fitting) {
    if (integerDigits > MAX_EXACT_INTEGER_DIGITS) return undefined;
    const whole = fractionDigits > 0 ? `split_part(${plain}, '.', 1)` : plain;
    const storage = integerDigits > MAX_BIGINT_DIGITS ? 'DECIMAL(38,0)' : 'BIGINT';
    const zeros = fractionDigits > 0 ? '; all fractions are zero' : '';
    return {
      type: 'integer',
      storage,
      expression: guarded(`TRY_CAST(${whole} AS ${storage})`),
      evidence: `${share} are whole numbers${zeros}.`,
    };
  }
  const width = integerDigits + fractionDigits;
  if (detail('exponents') > 0 || width > MAX_DECIMAL_DIGITS) {
    return {
      type: 'decimal',
      storage: 'DOUBLE',
      expression: guarded(`TRY_CAST(${plain} AS DOUBLE)`),
      evidence: `${share} are numbers${mark}, kept as 64-bit floating point (too long for exact decimals).`,
    };
  }
  const storage = `DECIMAL(${width},${fractionDigits})` as const;
  return {
    type: 'decimal',
    storage,
    expression: guarded(`TRY_CAST(${plain} AS ${storage})`),
    evidence: `${share} are numbers${mark}, at most ${fractionDigits} decimals, kept exactly.`,
  };
}
