import { physicalName } from '../engine/sql.js';
import {
  type Aggregate,
  aggregateColumns,
  COLUMNS_A_STATEMENT,
  matches,
  rowsIn,
  type StagedTable,
} from './staged-table.js';
import { CLASS_PATTERNS, NUMERIC_KEYS, OBSERVED_KEYS, SAMPLE_PATTERNS } from './sample-patterns.js';

/** What passes over the whole column showed. */
export interface ObservedColumn {
  index: number;
  name: string;
  /** Values that are neither empty nor, where any class comes into question, only spaces. */
  values: number;
  /** Values with spaces around them. */
  padded: number;
  /** Values that hold a comma, a point, a letter e; counted where they may be numbers. */
  commas: number;
  points: number;
  exponents: number;
  maxLength: number;
  /** Values that match a class; classes that the sample ruled out are absent. */
  fits: Map<string, number>;
  /** Some of the first values that differ. */
  samples: string[];
}

// A class that less than half of the sample matches can neither fit all values nor 95 % of them.
const SAMPLE_SHARE = 0.5;
const SAMPLE_CELLS = 20_000;
const SAMPLE_ROWS = { least: 60, most: 1500 };
/** Rows that stand together are found at once; each for itself they take the time of reading all. */
const SAMPLE_PARTS = 8;
/** Columns with fewer values in the sample are asked for every class. */
const SAMPLE_ENOUGH = 20;
const SAMPLES_SHOWN = 20;

/** Counts, for every column, the values that fit each class: those that a spread sample leaves, on all values. */
export async function observeColumns(staged: StagedTable): Promise<ObservedColumn[]> {
  const sampled = await sampleColumns(staged);
  const likely = sampled.map(likelyClasses);
  const counted = await countAll(
    staged,
    likely.map((keys) => [
      ...BASICS,
      ...(keys.some((key) => NUMERIC_KEYS.includes(key)) ? NUMBER_MARKS : []),
      ...classCounts(keys.filter((key) => key !== 'number,')),
    ]),
  );
  // Without a comma both ways to write numbers are one; text of spaces only exists where spaces were seen.
  const later = await countAll(
    staged,
    likely.map((keys, index) => [
      ...(keys.includes('number,') && countOf(counted, index, 'commas') > 0 ? classCounts(['number,']) : []),
      ...(keys.length > 0 && countOf(counted, index, 'padded') > 0 ? [BLANK] : []),
    ]),
  );
  return staged.names.map((name, index) => {
    const count = (key: string): number => countOf(counted, index, key);
    const fits = new Map(
      [...(counted.get(index) ?? []), ...(later.get(index) ?? [])].filter(([key]) => CLASS_PATTERNS.has(key)),
    );
    const blank = countOf(later, index, 'blank');
    const withoutMark = count('points') === 0 && count('commas') === 0;
    if (withoutMark && fits.has('number.')) fits.set('number,', count('number.'));
    return {
      index,
      name,
      values: count('filled') - blank,
      padded: count('padded') - blank,
      commas: count('commas'),
      points: count('points'),
      exponents: count('exponents'),
      maxLength: count('maxLength'),
      fits,
      samples: [...new Set(sampled[index])].slice(0, SAMPLES_SHOWN),
    };
  });
}

type Counts = Map<number, Map<string, number>>;

const countOf = (counts: Counts, index: number, key: string): number => counts.get(index)?.get(key) ?? 0;

type NamedAggregate = readonly [string, (column: string) => Aggregate];

const BASICS: readonly NamedAggregate[] = [
  ['filled', (column) => ({ count: `${column} IS NOT NULL` })],
  [
    'padded',
    (column) => ({
      count: [' %', '% ', '\t%', '%\t'].map((like) => `${column} LIKE '${like}'`).join(' OR '),
    }),
  ],
];
const NUMBER_MARKS: readonly NamedAggregate[] = [
  ['commas', (column) => ({ count: `${column} LIKE '%,%'` })],
  ['points', (column) => ({ count: `${column} LIKE '%.%'` })],
  ['exponents', (column) => ({ count: `${column} LIKE '%e%' OR ${column} LIKE '%E%'` })],
  ['maxLength', (column) => ({ greatest: `strlen(${column})` })],
];
const BLANK: NamedAggregate = ['blank', (column) => ({ count: `trim(${column}, ' \t') = ''` })];

const classCounts = (keys: readonly string[]): NamedAggregate[] =>
  keys.map((key) => [key, (column) => ({ count: matches(column, CLASS_PATTERNS.get(key) ?? '') })]);

async function countAll(
  staged: StagedTable,
  wanted: readonly (readonly NamedAggregate[])[],
): Promise<Counts> {
  const aggregates = wanted.map((entries, index): [number, Map<string, Aggregate>] => [
    index,
    new Map(entries.map(([key, aggregate]) => [key, aggregate(physicalName(index))])),
  ]);
  const results = await aggregateColumns(staged, new Map(aggregates));
  return new Map(
    [...results].map(([index, values]) => [
      index,
      new Map([...values].map(([key, value]) => [key, Number(value ?? 0)])),
    ]),
  );
}

/** The values of some rows, the first ones and parts at even distance up to the last ones, without empty ones. */
async function sampleColumns(staged: StagedTable): Promise<string[][]> {
  const { connection, rows, names } = staged;
  const size = Math.min(
    SAMPLE_ROWS.most,
    Math.max(SAMPLE_ROWS.least, Math.floor(SAMPLE_CELLS / names.length)),
  );
  const head = Math.ceil(size / 3);
  const part = Math.ceil((size - head) / SAMPLE_PARTS);
  const ranges: [number, number][] = [[0, head - 1]];
  for (let at = 1; at <= SAMPLE_PARTS; at += 1) {
    const start = Math.floor(((rows - part) * at) / SAMPLE_PARTS);
    const [, before] = ranges.at(-1) as [number, number];
    if (start + part - 1 > before) ranges.push([Math.max(start, before + 1), start + part - 1]);
  }
  const sampled = rowsIn(staged, ranges);
  const samples: string[][] = [];
  for (let from = 0; from < names.length; from += COLUMNS_A_STATEMENT) {
    const columns = names
      .slice(from, from + COLUMNS_A_STATEMENT)
      .map((_, index) => physicalName(from + index));
    const reader = await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM ${sampled} ORDER BY r`);
    for (const column of reader.getColumns()) {
      samples.push(
        column.filter((value): value is string => typeof value === 'string' && value.trim() !== ''),
      );
    }
  }
  return samples;
}

function likelyClasses(sample: readonly string[]): string[] {
  if (sample.length < SAMPLE_ENOUGH) return OBSERVED_KEYS;
  return OBSERVED_KEYS.filter((key) => {
    const pattern = SAMPLE_PATTERNS.get(key) as RegExp;
    const allowed = sample.length * (1 - SAMPLE_SHARE);
    let misses = 0;
    return sample.every((value) => pattern.test(value) || (misses += 1) <= allowed);
  });
}

/** The best share, 0…1, of a column's values over some classes. */
export function bestShare(column: ObservedColumn, keys: readonly string[]): number {
  if (column.values === 0) return 0;
  return Math.max(0, ...keys.map((key) => column.fits.get(key) ?? 0)) / column.values;
}

/** Eight digits are a date only where the column's name says so. */
export const isDateName = (name: string): boolean => /date|datum|day\b|_at$|\bdt_/i.test(name);
