import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import { MANY_COLUMNS } from '../columns/many-columns.js';
import { physicalName, quoteLiteral } from '../engine/sql.js';
import { countedQuantiles } from '../query/questions/counted-quantiles.js';
import type { ObservedColumn } from '../types/observe-columns.js';
import { COLUMNS_A_STATEMENT, isFilled, type StagedTable } from '../types/staged-table.js';
import type { TypedColumn } from '../types/typed-column.js';
import { VALUE_ANOMALIES } from './anomaly-types.js';

/** Rows of a staged table that something is to be said of; they load all the same. */
export interface ValueCheck {
  type: keyof typeof VALUE_ANOMALIES;
  column: TypedColumn;
  message: string;
  /** SQL condition over the staged table. */
  rows: string;
  /** Only the first of the rows is named: it concerns the column as a whole. */
  once?: boolean;
}

export interface CheckedTable {
  staged: StagedTable;
  observed: readonly ObservedColumn[];
  columns: readonly TypedColumn[];
  /** Role → column name. */
  roles: Readonly<Record<string, string>>;
  /** The file holds U+FFFD somewhere. */
  hasReplacements: boolean;
  /** Dates beyond this, and a day for other time zones, lie in the future. */
  receivedAt: Date;
}

/** Tukey's outer fences: this many times the interquartile range away from the quartiles. */
const FENCE = 3;
/** Fewer values tell neither what is usual nor what is constant. */
const ENOUGH_VALUES = 20;
/** Quartiles of larger columns are taken from rows at even distance. */
const QUARTILE_ROWS = 500_000;
const QUARTILES = [0.25, 0.75];
const NEVER_OUTLIERS = ['shopperId', 'orderId', 'product'];
const DAY_MS = 86_400_000;
const NUMERIC = ['integer', 'decimal'] as const;

/** What the values of a table should make people look twice at. */
export async function valueChecks(table: CheckedTable): Promise<ValueCheck[]> {
  return [
    ...(await constantColumns(table)),
    ...salesChecks(table),
    ...(await outliers(table)),
    ...lostCharacters(table),
  ];
}

async function constantColumns({ staged, observed, columns }: CheckedTable): Promise<ValueCheck[]> {
  const likely = observed.filter(({ values, samples }) => values >= ENOUGH_VALUES && samples.length === 1);
  const same = await computed(
    staged,
    likely.map(({ index }) => {
      const column = physicalName(index);
      return [index, `count(DISTINCT ${column}) FILTER (${isFilled(column)}) = 1`];
    }),
  );
  return columns
    .filter(({ index }) => same.get(index) === true)
    .map((column) => ({
      type: 'constant_column',
      column,
      message: VALUE_ANOMALIES.constant_column,
      rows: isFilled(column.physical),
      once: true,
    }));
}

/** What is odd about sales, by the roles of the columns. */
function salesChecks({ columns, roles, receivedAt }: CheckedTable): ValueCheck[] {
  const checks: ValueCheck[] = [];
  const check = (
    role: string,
    type: ValueCheck['type'],
    rows: (column: TypedColumn) => string,
    // A mapping may say that the column of a role is read as something else, of which this cannot be asked.
    types?: readonly TypedColumn['type'][],
  ): void => {
    const column = columns.find(({ name }) => name === roles[role]);
    if (column === undefined || types?.includes(column.type) === false) return;
    checks.push({ type, column, message: VALUE_ANOMALIES[type], rows: rows(column) });
  };
  check('shopperId', 'missing_shopper', ({ physical }) => `NOT coalesce(${isFilled(physical)}, false)`);
  check('orderId', 'cancelled_order', ({ physical }) => `regexp_full_match(trim(${physical}), 'C[0-9]+')`);
  check('unitPrice', 'zero_price', ({ expression }) => `(${expression}) = 0`, NUMERIC);
  check('unitPrice', 'negative_price', ({ expression }) => `(${expression}) < 0`, NUMERIC);
  const latest = new Date(receivedAt.getTime() + DAY_MS).toISOString().slice(0, 19);
  check(
    'orderedAt',
    'future_date',
    ({ expression }) => `CAST(${expression} AS TIMESTAMP) > TIMESTAMP ${quoteLiteral(latest)}`,
    ['date', 'timestamp'],
  );
  return checks;
}

async function outliers({ staged, observed, columns, roles }: CheckedTable): Promise<ValueCheck[]> {
  const ids = new Set(NEVER_OUTLIERS.map((role) => roles[role]));
  const measured = new Set(['quantity', 'unitPrice', 'amount'].map((role) => roles[role]));
  const candidates = columns.filter(
    ({ index, name, type }) =>
      (type === 'integer' || type === 'decimal') &&
      !ids.has(name) &&
      (columns.length <= MANY_COLUMNS || measured.has(name)) &&
      (observed.find((column) => column.index === index)?.values ?? 0) >= ENOUGH_VALUES,
  );
  const quartiles = await quartilesOf(staged, candidates);
  return candidates.flatMap((column) => {
    const [low = 0, high = 0] = quartiles.get(column.index) ?? [];
    const reach = FENCE * (high - low);
    if (reach <= 0) return [];
    const value = `CAST(${column.expression} AS DOUBLE)`;
    return {
      type: 'outlier' as const,
      column,
      message: `The value lies far outside the middle half of the column, which is from ${low} to ${high}.`,
      rows: `(${value} < ${low - reach} OR ${value} > ${high + reach})`,
    };
  });
}

/** Quartiles by column index: of all values where they were counted, else of rows at even distance. */
async function quartilesOf(
  staged: StagedTable,
  columns: readonly TypedColumn[],
): Promise<Map<number, number[]>> {
  const counted = columns.flatMap(({ index, expression }) => {
    const values = staged.counted?.get(index);
    if (values === undefined) return [];
    const value = `CAST(${expression} AS DOUBLE)`;
    return `SELECT ${index} AS slot, ${value} AS value, times FROM ${values} WHERE ${value} IS NOT NULL`;
  });
  const quartiles =
    counted.length === 0
      ? new Map<number, number[]>()
      : await countedQuantiles(
          staged.connection,
          { sql: `(${counted.join(' UNION ALL ')})`, values: [] },
          QUARTILES,
        );
  const stride = Math.ceil(staged.rows / QUARTILE_ROWS);
  const others = await computed(
    { ...staged, counted: undefined },
    columns
      .filter(({ index }) => staged.counted?.has(index) !== true)
      .map(({ index, expression }) => [
        index,
        `quantile_cont(CAST(${expression} AS DOUBLE), [${QUARTILES.join(', ')}])::DOUBLE[]`,
      ]),
    stride > 1 ? `WHERE r % ${stride} = 0` : '',
  );
  for (const [index, value] of others) {
    if (value instanceof DuckDBListValue) quartiles.set(index, value.items.map(Number));
  }
  return quartiles;
}

/** One aggregate a column, a part of the columns in a statement; by index. */
async function computed(
  { connection, table, counted }: StagedTable,
  aggregates: readonly (readonly [index: number, sql: string])[],
  where = '',
): Promise<Map<number, DuckDBValue>> {
  const results = new Map<number, DuckDBValue>();
  const ask = async (part: typeof aggregates, from: string): Promise<void> => {
    const select = part.map(([, sql]) => sql).join(',\n');
    const reader = await connection.runAndReadAll(`SELECT ${select} FROM ${from}`);
    const row = reader.getRows()[0] ?? [];
    part.forEach(([index], at) => results.set(index, row[at] ?? null));
  };
  const whole: (readonly [number, string])[] = [];
  for (const entry of aggregates) {
    const values = counted?.get(entry[0]);
    // What is asked here is the same of distinct values as of all of them.
    if (values === undefined) whole.push(entry);
    else await ask([entry], values);
  }
  for (let from = 0; from < whole.length; from += COLUMNS_A_STATEMENT) {
    await ask(whole.slice(from, from + COLUMNS_A_STATEMENT), `${table} ${where}`);
  }
  return results;
}

function lostCharacters({ columns, hasReplacements }: CheckedTable): ValueCheck[] {
  if (!hasReplacements) return [];
  return columns
    .filter(({ type }) => type === 'text')
    .map((column) => ({
      type: 'lost_characters' as const,
      column,
      message: VALUE_ANOMALIES.lost_characters,
      rows: `contains(${column.physical}, '\ufffd')`,
    }));
}
