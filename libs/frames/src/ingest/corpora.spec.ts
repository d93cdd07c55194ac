import { readFileSync } from 'node:fs';
import { Problem } from '@app/problems';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corporaDirectory, corpusFiles, type ExpectedFile, expectedFiles } from '../fixtures/corpora.js';
import { TextReader, type TextTable } from '../fixtures/text-reader.js';

/** Larger files are read by threads of the built code; their first lines will do. */
const INLINE_BYTES = 1_000_000;
const root = corporaDirectory();
const TABLE = new URL('../../../../test/fixtures/README.md', import.meta.url);

let reader: TextReader;
beforeAll(async () => {
  reader = await TextReader.create();
});
afterAll(() => reader.close());

type Outcome = 'equal' | 'rest rejected' | 'refused' | 'other option' | 'different';

const isBlank = (row: string[]): boolean => row.length === 1 && row[0] === '';

/** A line without any character is a row of one empty cell to some; here it is one between the lines of one column. */
function withoutBlankLines(rows: string[][], columns: number): string[][] {
  if (columns > 1) return rows.filter((row) => !isBlank(row));
  return rows.slice(0, rows.findLastIndex((row) => !isBlank(row)) + 1);
}

/** Texts are compared: 1e3 is what a case gives as 1000. */
const isSame = (row: string[] | undefined, expected: string[] | undefined): boolean =>
  row !== undefined &&
  row.length === expected?.length &&
  row.every(
    (cell, index) =>
      cell === expected[index] ||
      (cell !== '' && expected[index] !== '' && Number(cell) === Number(expected[index])) ||
      (/^(?:true|false)$/i.test(cell) && cell.toLowerCase() === expected[index]),
  );

const areSame = (rows: string[][], expected: string[][]): boolean =>
  rows.length === expected.length && rows.every((row, index) => isSame(row, expected[index]));

/** How a file was read beside what its collection expects. */
async function outcomeOf(file: ExpectedFile): Promise<Outcome> {
  if (file.foreignOption !== undefined) return 'other option';
  let table: TextTable;
  try {
    table = await reader.read(file.bytes, file.overrides);
  } catch (error) {
    if (error instanceof Problem) return 'refused';
    throw error;
  }
  if (file.expected === 'bad') return table.rejected > 0 ? 'rest rejected' : 'different';
  const expected = withoutBlankLines(file.expected, table.names.length);
  const rows = table.rows.slice(0, file.firstRows).map((row) => row.map((cell) => cell ?? ''));
  if ([expected, file.expected].some((wanted) => areSame(rows, wanted))) return 'equal';
  let next = 0;
  for (const row of expected) if (isSame(rows[next], row)) next += 1;
  return next === rows.length && expected.length - rows.length <= table.rejected
    ? 'rest rejected'
    : 'different';
}

describe.skipIf(root === undefined)('the collections of other CSV readers', () => {
  it('are read as they expect, or rejected with a reason; the table in test/fixtures says how far', async () => {
    const counts = new Map<string, Map<Outcome, string[]>>();
    for (const file of expectedFiles(root ?? '')) {
      const outcome = await outcomeOf(file);
      const corpus = counts.get(file.corpus) ?? new Map<Outcome, string[]>();
      corpus.set(outcome, [...(corpus.get(outcome) ?? []), file.name]);
      counts.set(file.corpus, corpus);
    }
    const different = [...counts].flatMap(([corpus, outcomes]) =>
      (outcomes.get('different') ?? []).map((name) => `${corpus}: ${name}`),
    );
    const readme = readFileSync(TABLE, 'utf8');
    expect(different.filter((name) => !readme.includes(`- ${name} — `))).toEqual([]);
    for (const [corpus, outcomes] of counts) {
      const cells = (['equal', 'rest rejected', 'refused', 'other option', 'different'] as const).map(
        (outcome) => outcomes.get(outcome)?.length ?? 0,
      );
      const all = cells.reduce((sum, count) => sum + count, 0);
      expect.soft(readme.replaceAll(/ +/g, ' ')).toContain(`| ${corpus} | ${all} | ${cells.join(' | ')} |`);
    }
  }, 120_000);

  it('give equal tables by DuckDB and by csv-parse, wherever both read a file', async () => {
    const differing: string[] = [];
    let compared = 0;
    for (const { name, bytes } of corpusFiles(root ?? '', INLINE_BYTES)) {
      try {
        const { duckdb, cells } = await reader.readBoth(bytes);
        if (duckdb === undefined || cells === undefined) continue;
        compared += 1;
        if (JSON.stringify(duckdb) !== JSON.stringify(cells)) differing.push(name);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
      }
    }
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(300);
  }, 300_000);
});
