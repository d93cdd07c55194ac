import type { DateOrder } from '../columns/column.js';
import { quoteLiteral } from '../engine/sql.js';
import { bestShare, CLASS_PATTERNS, isDateName, type ObservedColumn } from './observe-columns.js';
import { type Aggregate, isFilled, matches } from './staged-table.js';
import type { ColumnDirective, TypeDecision } from './typed-column.js';
import { COMPACT_DATE, DATE_FAMILIES, type DateFamily, padded } from './value-classes.js';

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

/** Which parts the values of a family have. */
export function shapeDetails(family: DateFamily): Map<string, Aggregate> {
  const count =
    (condition: (column: string) => string): Aggregate =>
    (column) =>
      `count(*) FILTER (${matches(column, CLASS_PATTERNS.get(family.name) ?? '')} AND ${condition(column)})`;
  const contains = (pattern: string): Aggregate =>
    count((column) => `regexp_matches(${column}, ${quoteLiteral(pattern)})`);
  return new Map<string, Aggregate>([
    ['dated', count(() => 'true')],
    ['dateOnly', count((column) => matches(column, padded(family.date)))],
    ['seconds', contains(':[0-9]{2}:[0-9]{2}')],
    ['fractions', contains(':[0-9]{2}[.][0-9]')],
    ['halfDays', contains('[0-9] ?[AaPp][Mm]')],
    ['zones', contains(':[0-9]{2}[^:]*(?:Z|[-+][0-9:]+)[ \t]*$')],
    ['letterT', contains('[0-9]T[0-9]')],
  ]);
}

type Shapes = ReadonlyMap<string, number>;

/** strptime formats for exactly the shapes that occur. */
function formatsOf(family: DateFamily, order: DateOrder, shapes: Shapes): string[] {
  const has = (key: string): number => shapes.get(key) ?? 0;
  const times = has('dated') - has('dateOnly');
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
  if (has('dateOnly') > 0) suffixes.push('');
  return (family.formats[order] ?? []).flatMap((date) => suffixes.map((suffix) => `${date}${suffix}`));
}

function parseExpression(
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
  // strptime alone is lenient: it reads years of two digits as the first century.
  return `CASE WHEN ${matches(text, CLASS_PATTERNS.get(family.name) ?? '')} THEN ${parsed} END`;
}

/** Counts the values that are dates under each order the family may stand for. */
export function orderDetails(
  family: DateFamily,
  shapes: Shapes,
  text: string,
  timezone: string,
): Map<string, Aggregate> {
  return new Map(
    (Object.keys(family.formats) as DateOrder[]).map((order) => [
      order,
      () => `count(${parseExpression(text, family, order, shapes, timezone)})`,
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
  const given =
    directive.dateOrder !== undefined && orders.has(directive.dateOrder) ? directive.dateOrder : undefined;
  const likely = [proven, family.usual].find((order) => order !== undefined && possible.includes(order));
  const order = given ?? likely ?? possible[0];
  if (order === undefined) return undefined;
  const fitting = orders.get(order) ?? 0;
  const demanded = isTemporalDemand(directive);
  if (!demanded && fitting < column.values) return undefined;

  const dateOnly = (shapes.get('dateOnly') ?? 0) === (shapes.get('dated') ?? 0);
  const isDate = directive.kind === 'date' || (dateOnly && directive.kind !== 'timestamp');
  const parsed = parseExpression(text, family, order, shapes, timezone);
  const datesOnly = dateOnly ? parsed : `CASE WHEN ${matches(text, family.date)} THEN ${parsed} END`;
  const ambiguous = given === undefined && possible.length > 1;
  const share = fitting === column.values ? `All ${fitting} values` : `${fitting} of ${column.values} values`;
  const other = [...orders].find(([key]) => key !== order);
  const reason = ambiguous
    ? 'no value tells day from month'
    : other === undefined
      ? undefined
      : given !== undefined
        ? 'as asked for'
        : `${fitting - other[1]} values can only be read so`;
  return {
    type: isDate ? 'date' : 'timestamp',
    storage: isDate ? 'DATE' : 'TIMESTAMP',
    expression: isDate ? `CAST(${datesOnly} AS DATE)` : parsed,
    evidence: `${share} are ${isDate ? 'dates' : 'points in time'}, ${ORDER_WORDS[order]}${reason === undefined ? '' : ` (${reason})`}.`,
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
