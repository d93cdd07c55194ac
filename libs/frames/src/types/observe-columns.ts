import { physicalName } from '../engine/sql.js';
import { type Aggregate, aggregateColumns, isFilled, matches, type StagedTable } from './staged-table.js';
import { BOOLEAN_PATTERN, DATE_FAMILIES, familyPattern, NUMBER_CLASSES, padded } from './value-classes.js';

/** Patterns by key; a key names a class everywhere in this folder. */
export const CLASS_PATTERNS: ReadonlyMap<string, string> = new Map([
  ...NUMBER_CLASSES.map(({ kind, decimal, pattern }) => [`${kind}${decimal}`, padded(pattern)] as const),
  ['boolean', padded(BOOLEAN_PATTERN)] as const,
  ...DATE_FAMILIES.map((family) => [family.name, padded(familyPattern(family))] as const),
]);

/** What a pass over the whole column showed. */
export interface ObservedColumn {
  index: number;
  name: string;
  /** Values that are neither empty nor only spaces. */
  values: number;
  /** Values with spaces around them. */
  padded: number;
  /** Values that match a class; classes that the sample ruled out are absent. */
  fits: Map<string, number>;
}

// A class that less than half of the sample matches can neither fit all values nor 95 % of them.
const SAMPLE_SHARE = 0.5;
const SAMPLE_HEAD = 2000;
const SAMPLE_STRIDES = 2000;
const SAMPLE_ENOUGH = 50;

/** Counts, for every column, the values that fit each class: first on a spread sample, then on all values. */
export async function observeColumns(staged: StagedTable): Promise<ObservedColumn[]> {
  const every = new Map<string, Aggregate>([
    ['values', countFilled],
    ...classCounts([...CLASS_PATTERNS.keys()]),
  ]);
  const stride = Math.max(1, Math.floor(staged.rows / SAMPLE_STRIDES));
  const sample = await aggregateColumns(
    staged,
    new Map(staged.names.map((_, index) => [index, every])),
    `WHERE r < ${SAMPLE_HEAD} OR r % ${stride} = 0`,
  );
  const wanted = new Map(
    staged.names.map((_, index) => {
      const seen = sample.get(index);
      const values = Number(seen?.get('values') ?? 0);
      const likely = [...CLASS_PATTERNS.keys()].filter(
        (key) => values < SAMPLE_ENOUGH || Number(seen?.get(key)) >= values * SAMPLE_SHARE,
      );
      return [
        index,
        new Map<string, Aggregate>([
          ['values', countFilled],
          [
            'padded',
            (column) => `count(*) FILTER (${isFilled(column)} AND ${column} <> trim(${column}, ' \t'))`,
          ],
          ...classCounts(likely),
        ]),
      ];
    }),
  );
  const counted = await aggregateColumns(staged, wanted);
  return staged.names.map((name, index) => {
    const results = new Map([...(counted.get(index) ?? [])].map(([key, value]) => [key, Number(value)]));
    const take = (key: string): number => {
      const value = results.get(key) ?? 0;
      results.delete(key);
      return value;
    };
    return { index, name, values: take('values'), padded: take('padded'), fits: results };
  });
}

const countFilled: Aggregate = (column) => `count(*) FILTER (${isFilled(column)})`;

const classCounts = (keys: string[]): [string, Aggregate][] =>
  keys.map((key) => [key, (column) => `count(*) FILTER (${matches(column, CLASS_PATTERNS.get(key) ?? '')})`]);

const SAMPLE_VALUES = 20;
const SAMPLE_VALUE_ROWS = 500;

/** Some of the first distinct values of every column. */
export async function sampleValues(staged: StagedTable): Promise<string[][]> {
  const reader = await staged.connection.runAndReadAll(
    `SELECT ${staged.names.map((_, index) => physicalName(index)).join(', ')} FROM ${staged.table}
     WHERE r < ${SAMPLE_VALUE_ROWS} ORDER BY r`,
  );
  return reader.getColumns().map((column) => {
    const distinct = new Set(
      column.filter((value): value is string => typeof value === 'string' && value !== ''),
    );
    return [...distinct].slice(0, SAMPLE_VALUES);
  });
}

/** The best share, 0…1, of a column's values over some classes. */
export function bestShare(column: ObservedColumn, keys: readonly string[]): number {
  if (column.values === 0) return 0;
  return Math.max(0, ...keys.map((key) => column.fits.get(key) ?? 0)) / column.values;
}

export const NUMERIC_KEYS = NUMBER_CLASSES.filter(({ kind }) => kind === 'number').map(
  ({ kind, decimal }) => `${kind}${decimal}`,
);
export const TEMPORAL_KEYS = DATE_FAMILIES.map(({ name }) => name);

/** Eight digits are a date only where the column's name says so. */
export const isDateName = (name: string): boolean => /date|datum|day\b|_at$|\bdt_/i.test(name);
