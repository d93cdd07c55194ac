import type { DecimalMark } from '../columns/column.js';
import type { ObservedColumn } from './observe-columns.js';
import { CLASS_PATTERNS } from './sample-patterns.js';
import { physicalName } from '../engine/sql.js';
import { type Aggregate, matches } from './staged-table.js';
import type { ColumnDirective, TypeDecision } from './typed-column.js';

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

const marksOf = (column: ObservedColumn, { decimal }: NumericCandidate) =>
  decimal === '.'
    ? { mark: column.points, groups: column.commas, group: ',' }
    : { mark: column.commas, groups: column.points, group: '.' };

/** A number's text without groups and with a point: what DuckDB casts. */
function plainNumber(column: ObservedColumn, text: string, candidate: NumericCandidate): string {
  const { groups, group } = marksOf(column, candidate);
  const ungrouped = groups > 0 ? `replace(${text}, '${group}', '')` : text;
  return candidate.decimal === ',' ? `replace(${ungrouped}, ',', '.')` : ungrouped;
}

const fitsAll = (column: ObservedColumn, { decimal, whole }: NumericCandidate): boolean =>
  !whole && column.fits.get(`number${decimal}`) === column.values;

/** What else must be known of a column of numbers: nothing where all of them are digits only. */
export function numericDetails(
  column: ObservedColumn,
  text: string,
  candidate: NumericCandidate,
): Map<string, Aggregate> {
  const all = fitsAll(column, candidate);
  if (all && marksOf(column, candidate).mark === 0 && column.exponents + column.padded === 0)
    return new Map();
  const physical = physicalName(column.index);
  const fitting = all ? 'true' : matches(physical, patternOf(candidate));
  const plain = plainNumber(column, text, candidate);
  const at = `strpos(${plain}, '.')`;
  const sign = `(CASE WHEN ${plain} LIKE '-%' THEN 1 ELSE 0 END)`;
  return new Map<string, Aggregate>([
    ...(all ? [] : [['fitting', { count: fitting }] as const]),
    ['exponents', { count: `${fitting} AND ${physical} ILIKE '%e%'` }],
    ['whole', { count: matches(physical, patternOf({ ...candidate, whole: true })) }],
    [
      'integerDigits',
      {
        greatest: `CASE WHEN ${fitting} THEN CASE WHEN ${at} = 0 THEN strlen(${plain}) ELSE ${at} - 1 END - ${sign} END`,
      },
    ],
    ['fractionDigits', { greatest: `CASE WHEN ${fitting} AND ${at} > 0 THEN strlen(${plain}) - ${at} END` }],
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
  const all = fitsAll(column, candidate);
  const fitting = all ? column.values : (details.get('fitting') ?? 0);
  const whole = details.get('whole') ?? fitting;
  const integerDigits = Math.max(1, details.get('integerDigits') ?? column.maxLength);
  const fractionDigits = details.get('fractionDigits') ?? 0;
  const plain = plainNumber(column, text, candidate);
  // Without this guard a cast would round, or read what is no number here.
  const guarded = (expression: string): string =>
    all
      ? expression
      : `CASE WHEN ${matches(`c${column.index}`, patternOf(candidate))} THEN ${expression} END`;
  const share = fitting === column.values ? `All ${fitting} values` : `${fitting} of ${column.values} values`;
  const mark = candidate.decimal === ',' ? ' with decimal comma' : '';

  if (!demandsDecimal && whole === fitting) {
    if (integerDigits > MAX_EXACT_INTEGER_DIGITS) return undefined;
    const digits = fractionDigits > 0 ? `split_part(${plain}, '.', 1)` : plain;
    const storage = integerDigits > MAX_BIGINT_DIGITS ? 'DECIMAL(38,0)' : 'BIGINT';
    const zeros = fractionDigits > 0 ? '; all fractions are zero' : '';
    return {
      type: 'integer',
      storage,
      expression: guarded(`TRY_CAST(${digits} AS ${storage})`),
      evidence: `${share} are whole numbers${zeros}.`,
    };
  }
  const width = integerDigits + fractionDigits;
  if ((details.get('exponents') ?? 0) > 0 || width > MAX_DECIMAL_DIGITS) {
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
