import type { ColumnEvidence } from '../columns/evidence.js';
import type { DuckDBValue } from '@duckdb/node-api';
import type { DateOrder, DecimalMark } from '../columns/column.js';
import { physicalName } from '../engine/sql.js';
import {
  decideNumeric,
  type NumericCandidate,
  numericCandidate,
  numericDetails,
  provenMark,
} from './numeric.js';
import { bestShare, type ObservedColumn } from './observe-columns.js';
import { CLASS_PATTERNS, NUMERIC_KEYS, TEMPORAL_KEYS } from './sample-patterns.js';
import { type Aggregate, aggregateColumns, isFilled, matches, type StagedTable } from './staged-table.js';
import {
  dateFamily,
  decideTemporal,
  type FileContext,
  isOrderOpen,
  orderDetails,
  possibleOrders,
  shapeDetails,
} from './temporal.js';
import type { ColumnDirective, ColumnNote, TypeDecision, TypedColumn } from './typed-column.js';
import { COMPACT_DATE, type DateFamily, DEMANDED_BOOLEAN_PATTERN, TRUE_WORDS } from './value-classes.js';

/** Columns with at least this share of numbers, but not all, are said to be mixed. */
const MIXED_SHARE = 0.8;

type Details = ReadonlyMap<string, number>;
const NO_DETAILS: Details = new Map();

const numbersOf = (results: Map<number, Map<string, DuckDBValue>>): Map<number, Details> =>
  new Map(
    [...results].map(([index, values]) => [
      index,
      new Map([...values].map(([key, value]) => [key, Number(value ?? 0)])),
    ]),
  );

/** A column's value as SQL, without the spaces around it. */
const textOf = (column: ObservedColumn): string => {
  const physical = physicalName(column.index);
  return column.padded > 0 ? `trim(${physical}, ' \t')` : physical;
};

interface Candidate {
  column: ObservedColumn;
  directive: ColumnDirective;
  numeric: NumericCandidate | undefined;
  family: DateFamily | undefined;
}

/** Decides the type of every column from all its values; what a directive demands wins over them. */
export async function decideTypes(
  staged: StagedTable,
  columns: readonly ObservedColumn[],
  directives: ReadonlyMap<string, ColumnDirective>,
  timezone: string,
): Promise<TypedColumn[]> {
  const mark = provenMark(columns);
  const candidates = columns.map((column) => candidateOf(column, directives.get(column.name) ?? {}, mark));
  const details = numbersOf(
    await aggregateColumns(
      staged,
      wantedOf(candidates, ({ column, numeric, family }) => [
        ...(numeric === undefined ? [] : numericDetails(column, textOf(column), numeric)),
        ...(family === undefined ? [] : shapeDetails(column, family)),
      ]),
    ),
  );
  const orders = numbersOf(
    await aggregateColumns(
      staged,
      wantedOf(candidates, ({ column, directive, family }) =>
        family === undefined
          ? []
          : [
              ...orderDetails(column, family, details.get(column.index) ?? NO_DETAILS, {
                text: textOf(column),
                timezone,
                given: directive.dateOrder,
              }),
            ],
      ),
    ),
  );
  const context = { proven: provenOrder(candidates, orders), timezone };
  const decided = candidates.map((candidate) => {
    const { index } = candidate.column;
    return decideColumn(
      candidate,
      details.get(index) ?? NO_DETAILS,
      orders.get(index) ?? NO_DETAILS,
      context,
    );
  });
  return countMisfits(staged, decided, directives);
}

function candidateOf(column: ObservedColumn, directive: ColumnDirective, mark: DecimalMark): Candidate {
  const { kind } = directive;
  const open = kind === undefined;
  const family =
    open || kind === 'temporal' || kind === 'date' || kind === 'timestamp'
      ? dateFamily(column, directive)
      : undefined;
  const numeric =
    open || kind === 'numeric' || kind === 'integer' || kind === 'decimal'
      ? numericCandidate(column, directive, mark)
      : undefined;
  return { column, directive, family, numeric };
}

function wantedOf(
  candidates: readonly Candidate[],
  details: (candidate: Candidate) => (readonly [string, Aggregate])[],
): Map<number, Map<string, Aggregate>> {
  return new Map(candidates.map((candidate) => [candidate.column.index, new Map(details(candidate))]));
}

/** Ambiguous columns follow the others of their file, where those agree. */
function provenOrder(
  candidates: readonly Candidate[],
  orders: ReadonlyMap<number, Details>,
): DateOrder | undefined {
  const proven = new Set(
    candidates
      .filter(({ family }) => family !== undefined && isOrderOpen(family))
      .map(({ column }) => possibleOrders(orders.get(column.index) ?? NO_DETAILS))
      .filter((possible) => possible.length === 1)
      .map(([order]) => order),
  );
  return proven.size === 1 ? [...proven][0] : undefined;
}

function decideColumn(
  { column, directive, numeric, family }: Candidate,
  details: Details,
  orders: Details,
  context: FileContext,
): TypedColumn {
  const text = textOf(column);
  // Where both fit, eight digits stand in a column of dates: its name or a demand said so.
  const decision =
    (column.values === 0 ? decideEmpty(directive) : undefined) ??
    (family && decideTemporal(column, text, family, { shapes: details, orders }, directive, context)) ??
    (numeric && decideNumeric(column, text, numeric, details, directive.kind === 'decimal')) ??
    decideBoolean(column, text, directive) ??
    decideRest(column, directive);
  const { notes = [] } = decision;
  const compact = directive.kind === undefined && decision.type === 'integer' ? compactNote(column) : [];
  return {
    index: column.index,
    physical: physicalName(column.index),
    name: column.name,
    misfits: 0,
    ...decision,
    notes: [...notes, ...compact],
  };
}

const EMPTY_TYPES = {
  numeric: ['integer', 'BIGINT'],
  integer: ['integer', 'BIGINT'],
  decimal: ['decimal', 'DOUBLE'],
  boolean: ['boolean', 'BOOLEAN'],
  temporal: ['timestamp', 'TIMESTAMP'],
  date: ['date', 'DATE'],
  timestamp: ['timestamp', 'TIMESTAMP'],
  text: ['text', 'VARCHAR'],
} as const;

function decideEmpty({ kind = 'text' }: ColumnDirective): TypeDecision {
  const [type, storage] = EMPTY_TYPES[kind];
  return { type, storage, expression: `CAST(NULL AS ${storage})`, evidence: 'The column has no values.' };
}

function decideBoolean(
  column: ObservedColumn,
  text: string,
  { kind }: ColumnDirective,
): TypeDecision | undefined {
  if (kind !== 'boolean' && (kind !== undefined || column.fits.get('boolean') !== column.values))
    return undefined;
  const isTrue = `lower(${text}) IN (${TRUE_WORDS.map((word) => `'${word}'`).join(', ')})`;
  return {
    type: 'boolean',
    storage: 'BOOLEAN',
    expression: `CASE WHEN ${matches(text, DEMANDED_BOOLEAN_PATTERN)} THEN ${isTrue} END`,
    evidence:
      kind === 'boolean' ? 'Read as yes and no, as demanded.' : `All ${column.values} values say yes or no.`,
  };
}

/** Text, or nothing at all where a type is demanded that no value fits. */
function decideRest(column: ObservedColumn, { kind }: ColumnDirective): TypeDecision {
  if (kind !== undefined && kind !== 'text') {
    const [type, storage] = EMPTY_TYPES[kind];
    const evidence = `None of ${column.values} values fits the type that is demanded.`;
    return { type, storage, expression: `CAST(NULL AS ${storage})`, evidence };
  }
  const note = kind === undefined ? mixedNote(column) : undefined;
  const asked = kind === 'text' ? 'Kept as text, as demanded.' : 'Not all values fit a narrower type.';
  return {
    type: 'text',
    storage: 'VARCHAR',
    expression: physicalName(column.index),
    evidence: note?.message ?? asked,
    notes: note === undefined ? [] : [note],
  };
}

/** Eight digits that are dates all of them, in a column whose name does not say so. */
function compactNote({ index, values, fits }: ObservedColumn): ColumnNote[] {
  if (values === 0 || fits.get(COMPACT_DATE.name) !== values) return [];
  return [
    {
      type: 'compact_dates',
      message: `All ${values} values may be dates (yyyymmdd); they stay whole numbers. Say the type date in the mapping where they are.`,
      concerns: isFilled(physicalName(index)),
    },
  ];
}

function mixedNote(column: ObservedColumn): ColumnNote | undefined {
  const [best] = [...NUMERIC_KEYS, ...TEMPORAL_KEYS]
    .map((key) => ({ key, fits: column.fits.get(key) ?? 0 }))
    .sort((left, right) => right.fits - left.fits);
  if (best === undefined || best.fits < column.values * MIXED_SHARE || best.fits === column.values)
    return undefined;
  const physical = physicalName(column.index);
  const what = NUMERIC_KEYS.includes(best.key) ? 'numbers' : 'dates';
  return {
    type: 'mixed_types',
    message: `${best.fits} of ${column.values} values are ${what}, ${column.values - best.fits} are not; the column stays text.`,
    concerns: `${isFilled(physical)} AND NOT ${matches(physical, CLASS_PATTERNS.get(best.key) ?? '')}`,
  };
}

/** Counts what demanded types reject. */
async function countMisfits(
  staged: StagedTable,
  columns: TypedColumn[],
  directives: ReadonlyMap<string, ColumnDirective>,
): Promise<TypedColumn[]> {
  const demanded = columns.filter(
    ({ name, type }) => directives.get(name)?.kind !== undefined && type !== 'text',
  );
  const counts = await aggregateColumns(
    staged,
    new Map(demanded.map((column) => [column.index, new Map([['misfits', { count: misfit(column) }]])])),
  );
  return columns.map((column) => ({
    ...column,
    misfits: Number(counts.get(column.index)?.get('misfits') ?? 0),
  }));
}

/** SQL condition: the value is there and does not fit the column's type. */
export const misfit = (column: TypedColumn): string =>
  `${isFilled(column.physical)} AND (${column.expression}) IS NULL`;

/** What role proposers are told of a column. */
export const evidenceOf = (column: ObservedColumn, decided: TypedColumn, rows: number): ColumnEvidence => ({
  name: column.name,
  type: decided.type,
  values: column.values,
  nulls: rows - column.values,
  numericShare: bestShare(column, NUMERIC_KEYS),
  temporalShare: bestShare(column, TEMPORAL_KEYS),
  samples: column.samples,
});
