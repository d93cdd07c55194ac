import { kindOfText } from '../../types/sample-patterns.js';
import { type Sample, sampledCells } from './sample-records.js';

/** Where a table begins, and whether a record names its columns. */
export interface HeaderFound {
  /** Index of the record that is the header, or the first one of the data. */
  index: number;
  header: boolean;
  evidence: string;
}

/** Lines before a table: a title, a date, a query. More is another file. */
const MAX_PREAMBLE_RECORDS = 50;
/** Share of the records from the header on that must have its width where lines before it are left out. */
const PREAMBLE_AGREEMENT = 0.8;
/** A line before a table that has all its delimiters fills no more of its cells than this. */
const PREAMBLE_FILLED = 1 / 3;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

const isFilled = (cell: string): boolean => cell.trim() !== '';

/** The header of a table of `width` columns; undefined where its first record may be anything. */
export function findHeader(sample: Sample, width: number): HeaderFound {
  const preamble = width < 2 ? 0 : preambleRecords(sample, width);
  const { line = 1 } = sample.records[preamble] ?? {};
  if (preamble > 0) {
    const evidence = `The ${line - 1} lines before line ${line} are no part of the table: it names its columns there, above numbers or dates.`;
    return { index: preamble, header: true, evidence };
  }
  const [first, ...below] = sampledCells(sample, 0).filter(({ length }) => length === width);
  if (first === undefined || below.length === 0 || sample.records[0]?.fields !== width) {
    return { index: 0, header: true, evidence: 'The first record is taken for the names of the columns.' };
  }
  return { index: 0, ...judgeFirst(first, below) };
}

/** Number of records before the header that are no part of the table. */
export function preambleRecords(sample: Sample, width: number): number {
  const { records } = sample;
  const limit = Math.min(records.length - 1, MAX_PREAMBLE_RECORDS + 1);
  let index = 0;
  while (index < limit && isBeforeTable(sample, index, width)) index += 1;
  if (index === 0 || index >= limit) return 0;
  const after = records.slice(index);
  const fitting = after.filter(({ fields, damaged }) => fields === width && !damaged).length;
  if (fitting < 2 || fitting < after.length * PREAMBLE_AGREEMENT) return 0;
  const [names = [], ...below] = sampledCells(sample, index).filter(({ length }) => length === width);
  const isHeader =
    names.every((name) => isFilled(name) && kindOfText(name) === 'text') &&
    new Set(names).size === names.length &&
    kindsOf(below, width).some((kind) => kind !== 'text');
  return isHeader ? index : 0;
}

function isBeforeTable(sample: Sample, index: number, width: number): boolean {
  const record = sample.records[index];
  if (record === undefined || record.fields > width) return false;
  if (record.fields < width) return true;
  return sample.cellsOf(record).filter(isFilled).length <= Math.max(1, Math.floor(width * PREAMBLE_FILLED));
}

type Kind = ReturnType<typeof kindOfText>;

/** What all filled cells of each column are; text where they differ or there are none. */
function kindsOf(rows: readonly string[][], width: number): Kind[] {
  return Array.from({ length: width }, (_, column) => {
    const kinds = new Set(
      rows
        .map((row) => row[column] ?? '')
        .filter(isFilled)
        .map(kindOfText),
    );
    return kinds.size === 1 ? ([...kinds][0] as Kind) : 'text';
  });
}

/** Whether a record names columns or is the first one of the data, by what stands below it. */
function judgeFirst(first: string[], below: string[][]): { header: boolean; evidence: string } {
  const typed = kindsOf(below, first.length)
    .map((kind, column) => ({ kind, cell: first[column] ?? '' }))
    .filter(({ kind, cell }) => kind !== 'text' && isFilled(cell));
  if (typed.length === 0) {
    return {
      header: true,
      evidence: 'The first record is taken for the names of the columns: nothing speaks against it.',
    };
  }
  const named = typed.filter(({ kind, cell }) => kindOfText(cell) !== kind).length;
  if (named > 0) {
    return {
      header: true,
      evidence: `The first record names the columns: it has other text above ${named} columns of numbers or dates.`,
    };
  }
  if (
    first.some((cell) => isFilled(cell) && kindOfText(cell) === 'text') &&
    typed.every(({ cell }) => isYear(cell))
  ) {
    return { header: true, evidence: 'The first record names the columns: words and years.' };
  }
  return {
    header: false,
    evidence: `The first record has numbers or dates in the ${typed.length} columns that hold such below it: no record names the columns.`,
  };
}

function isYear(cell: string): boolean {
  const year = Number(cell);
  return Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR;
}
