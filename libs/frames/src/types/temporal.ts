import type { DateOrder } from '../columns/column.js';
import { quoteLiteral } from '../engine/sql.js';
import { bestShare, isDateName, type ObservedColumn } from './observe-columns.js';
import { CLASS_PATTERNS } from './sample-patterns.js';
import { type Aggregate, isFilled, matches } from './staged-table.js';
import type { ColumnDirective, TypeDecision } from './typed-column.js';
import { COMPACT_DATE, DATE_FAMILIES, type DateFamily } from './value-classes.js';

const isTemporalDemand = ({ kind }: ColumnDirective): boolean =>
  kind === 'temporal' || kind === 'date' || kind === 'timestamp';

/** The family that all values belong to, or the best one where dates are demanded. */
export function dateFamily(column: ObservedColumn, directive: ColumnDirective): DateFamily | undefined {
  const demanded = isTemporalDemand(directive);
  const usable = DATE_FAMILIES.filter(
    (family) => family !== COMPACT_DATE || demanded || isDateName(column.name),
  );
  const best = usable.reduce((best, family) =>
    bestShare(column, [family.name]) > bestShare(column, [best.name]) ? family : best,
  );
  const share = bestShare(column, [best.name]);
  return share === 1 || (demanded && share > 0) ? best : undefined;
}

const fitsAll = (column: ObservedColumn, family: DateFamily): boolean =>
  column.fits.get(family.name) === column.values;

/** Which parts the values of a family have. Among values of one family a few marks tell that. */
export function shapeDetails(column: ObservedColumn, family: DateFamily): Map<string, Aggregate> {
  const physical = `c${column.index}`;
  const all = fitsAll(column, family);
  const fitting = all ? 'true' : matches(physical, CLASS_PATTERNS.get(family.name) ?? '');
  const count = (condition: string): Aggregate => ({ count: `${fitting} AND (${condition})` });
  const like = (...patterns: string[]): Aggregate =>
    count(patterns.map((text) => `${physical} LIKE '${text}'`).join(' OR '));
  const above12 = (before: string): Aggregate =>
    count(`regexp_matches(${physical}, '^[ \t]*${before}(?:1[3-9]|[23][0-9])[^0-9]')`);
  return new Map<string, Aggregate>([
    ['dated', all ? { count: `${physical} IS NOT NULL` } : count(isFilled(physical))],
    ['timed', like('%:%')],
    ['seconds', like('%:%:%')],
    ['fractions', like('%:%.%')],
    ['halfDays', like('%:%m%', '%:%M%')],
    ['zones', like('%:%+%', '%:%-%', '%:%Z%')],
    ['letterT', like('%T%:%')],
    ...(isOrderOpen(family)
      ? ([
          ['firstAbove12', above12('')],
          ['secondAbove12', above12('[0-9]{1,2}[^0-9]')],
        ] as const)
      : []),
  ]);
}

/** True where day and month may stand either way round. */
export const isOrderOpen = ({ formats }: DateFamily): boolean =>
  formats.dmy !== undefined && formats.mdy !== undefined;

/** Orders under which the most values can be dates, by the parts above 12. */
function likelyOrders(family: DateFamily, shapes: Shapes): DateOrder[] {
  const orders = Object.keys(family.formats) as DateOrder[];
  if (!isOrderOpen(family)) return orders;
  const first = shapes.get('firstAbove12') ?? 0;
  const second = shapes.get('secondAbove12') ?? 0;
  if (first === second) return orders;
  return first > second ? ['dmy'] : ['mdy'];
}

type Shapes = ReadonlyMap<string, number>;

/** strptime formats for exactly the shapes that occur. */
function formatsOf(family: DateFamily, order: DateOrder, shapes: Shapes): string[] {
  const has = (key: string): number => shapes.get(key) ?? 0;
  const times = has('timed');
  const suffixes: string[] = [];
  const seconds = [
    ...(times > has('seconds') ? [''] : []),
    ...(has('seconds') > has('fractions') ? [':%S'] : []),
    ...(has('fractions') > 0 ? [':%S.%f'] : []),
  ];
  if (times > has('halfDays')) suffixes.push(...seconds.map((part) => ` %H:%M${part}`));
  if (has('halfDays') > 0) {
    suffixes.push(...seconds.flatMap((part) => [` %I:%M${part} %p`, ` %I:%M${part}%p`]));
  }
  if (has('dated') > times) suffixes.push('');
  return (family.formats[order] ?? []).flatMap((date) => suffixes.map((suffix) => `${date}${suffix}`));
}

function parseExpression(
  column: ObservedColumn,
  text: string,
  family: DateFamily,
  order: DateOrder,
  shapes: Shapes,
  timezone: string,
): string {
  if ((shapes.get('zones') ?? 0) > 0) {
    const zoned = matches(text, '.*:[0-9]{2}[^:]*(?:Z|[-+][0-9:]+)');
    return `CASE WHEN ${zoned} THEN TRY_CAST(${text} AS TIMESTAMPTZ) AT TIME ZONE ${quoteLiteral(timezone)} END`;
  }
  const formats = formatsOf(family, order, shapes).map(quoteLiteral);
  if (formats.length === 0) return 'CAST(NULL AS TIMESTAMP)';
  const spaced = (shapes.get('letterT') ?? 0) > 0 ? `replace(${text}, 'T', ' ')` : text;
  const parsed = `try_strptime(${spaced}, ${formats.length === 1 ? formats[0] : `[${formats.join(', ')}]`})`;
  if (fitsAll(column, family)) return parsed;
  // strptime alone is lenient: it reads years of two digits as the first century.
  return `CASE WHEN ${matches(text, CLASS_PATTERNS.get(family.name) ?? '')} THEN ${parsed} END`;
}

/** Counts the values that are dates, under each order that comes into question. */
export function orderDetails(
  column: ObservedColumn,
  family: DateFamily,
  shapes: Shapes,
  { text, timezone, given }: { text: string; timezone: string; given: DateOrder | undefined },
): Map<string, Aggregate> {
  const orders = given !== undefined && given in family.formats ? [given] : likelyOrders(family, shapes);
  return new Map(
    orders.map((order) => [
      order,
      { count: `(${parseExpression(column, text, family, order, shapes, timezone)}) IS NOT NULL` },
    ]),
  );
}

const ORDER_WORDS: Record<DateOrder, string> = { dmy: 'day first', mdy: 'month first', ymd: 'year first' };

/** What holds for all columns of a file. */
export interface FileContext {
  /** The order that its columns agree on where values prove it. */
  proven: DateOrder | undefined;
  /** Zone whose local time is kept, IANA. */
  timezone: string;
}

/** Orders under which a column has the most dates: one where the values prove it. */
export function possibleOrders(orders: ReadonlyMap<string, number>): DateOrder[] {
  const most = Math.max(...orders.values());
  return [...orders].filter(([, count]) => count === most && most > 0).map(([order]) => order as DateOrder);
}

/** The type of a column of dates; undefined where they are none after all (30 February, mixed orders). */
export function decideTemporal(
  column: ObservedColumn,
  text: string,
  family: DateFamily,
  details: { shapes: Shapes; orders: ReadonlyMap<string, number> },
  directive: ColumnDirective,
  { proven, timezone }: FileContext,
): TypeDecision | undefined {
  const { shapes, orders } = details;
  const possible = possibleOrders(orders);
  const given = possible.find((order) => order === directive.dateOrder);
  const likely = [proven, family.usual].find((order) => order !== undefined && possible.includes(order));
  const order = given ?? likely ?? possible[0];
  if (order === undefined) return undefined;
  const fitting = orders.get(order) ?? 0;
  const demanded = isTemporalDemand(directive);
  if (!demanded && fitting < column.values) return undefined;

  const dateOnly = (shapes.get('timed') ?? 0) === 0;
  const isDate = directive.kind === 'date' || (dateOnly && directive.kind !== 'timestamp');
  const parsed = parseExpression(column, text, family, order, shapes, timezone);
  const datesOnly = dateOnly ? parsed : `CASE WHEN ${matches(text, family.date)} THEN ${parsed} END`;
  const ambiguous = given === undefined && possible.length > 1;
  const share = fitting === column.values ? `All ${fitting} values` : `${fitting} of ${column.values} values`;
  const proof = shapes.get(order === 'dmy' ? 'firstAbove12' : 'secondAbove12');
  const reasons = [
    ...(ambiguous ? ['no value tells day from month'] : []),
    ...(given === undefined ? [] : ['as asked for']),
    ...(ambiguous || given !== undefined || proof === undefined
      ? []
      : [`${proof} values can only be read so`]),
  ].map((reason) => ` (${reason})`);
  return {
    type: isDate ? 'date' : 'timestamp',
    storage: isDate ? 'DATE' : 'TIMESTAMP',
    expression: isDate ? `CAST(${datesOnly} AS DATE)` : parsed,
    evidence: `${share} are ${isDate ? 'dates' : 'points in time'}, ${ORDER_WORDS[order]}${reasons.join('')}.`,
    notes: ambiguous
      ? [
          {
            type: 'ambiguous_dates',
            message: `No value tells day from month; read as ${ORDER_WORDS[order]}. Say dateOrder where that is wrong.`,
            concerns: isFilled(`c${column.index}`),
          },
        ]
      : [],
  };
}
