import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project } from '../quality/projection.js';
import { kmeansRange } from './kmeans.js';

interface Entry {
  inertia: number;
  best_of_50_starts_tol0?: { inertia: number };
}
type Entries = Record<string, Entry>;

const directory = process.env['TEST_DATA_DIR'] ?? '';
const isThere = existsSync(join(directory, 'reference.json'));

const table = (file: string, columns: number[]): number[][] =>
  readFileSync(join(directory, file), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map((cells) => columns.map((column) => Number(cells[column])));

const logarithms = (rows: number[][]): number[][] => rows.map((row) => row.map((value) => Math.log1p(value)));

/** Mean 0 and population standard deviation 1 in every column. */
function standardised(rows: number[][]): number[][] {
  const moments = rows[0]!.map((_, column) => {
    const mean = rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length;
    const variance = rows.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / rows.length;
    return { mean, sd: Math.sqrt(variance) };
  });
  return rows.map((row) => row.map((value, column) => (value - moments[column]!.mean) / moments[column]!.sd));
}

const rfm = (file: string) => () => table(`reference/${file}_rfm.csv`, [1, 2, 3]);
const mall = (columns: number[]) => () => table('Mall_Customers.csv', columns);
const wholesale = () => table('Wholesale customers data.csv', [2, 3, 4, 5, 6, 7]);

/** The plane of the principal components of logarithms, without rows that are outliers in more than one column. */
function wholesalePlane(): number[][] {
  const outliers = new Set([65, 66, 75, 128, 154]);
  const rows = wholesale()
    .filter((_, row) => !outliers.has(row))
    .map((row) => row.map((value) => Math.log(value)));
  const names = rows[0]!.map(String);
  const plane = project({ values: Float64Array.from(rows.flat()), count: rows.length, names });
  return rows.map((_, row) => [plane[2 * row]!, plane[2 * row + 1]!]);
}

/** Reading `reference.json` by path: its entries, and the rows that they were made of. */
function cases(): [string, Entries, () => number[][]][] {
  const reference: unknown = JSON.parse(readFileSync(join(directory, 'reference.json'), 'utf8'));
  const at = (path: string): Entries =>
    path.split('/').reduce((node, key) => (node as Record<string, unknown>)[key], reference) as Entries;
  const found: [string, () => number[][]][] = [
    ['mall/kmeans_income_score_raw', mall([3, 4])],
    ['mall/kmeans_income_score_standardised', mall([3, 4])],
    ['mall/kmeans_age_income_score_raw', mall([2, 3, 4])],
    ['wholesale/kmeans_raw6', wholesale],
    ['wholesale/kmeans_standardised6', wholesale],
    ['wholesale/kmeans_log1p_standardised6', wholesale],
    ['wholesale/udacity/kmeans_pca2', wholesalePlane],
    ['online_retail/rfm_clean/kmeans_log1p_standardised', rfm('online_retail_clean')],
    ['online_retail/rfm_clean/kmeans_standardised_no_log', rfm('online_retail_clean')],
    ['online_retail/rfm_clean_deduplicated/kmeans_log1p_standardised', rfm('online_retail_clean_dedup')],
    ['marketing_campaign/rfm/kmeans_log1p_standardised', rfm('marketing')],
    ['marketing_campaign/rfm/kmeans_standardised_no_log', rfm('marketing')],
    ['cdnow_master/rfm/kmeans_log1p_standardised', rfm('cdnow_master')],
    ['retail_transactions/rfm/kmeans_log1p_standardised', rfm('retail_transactions')],
    ['retail_transactions/rfm/kmeans_standardised_no_log', rfm('retail_transactions')],
  ];
  return found.map(([path, raw]) => {
    const rows = (): number[][] => {
      const values = path.includes('log1p') ? logarithms(raw()) : raw();
      return path.includes('standardised') ? standardised(values) : values;
    };
    return [path, at(path), rows];
  });
}

interface Fixture {
  points: number[][];
  bestOf50StartsTol0: Record<string, number>;
}

describe('kmeans and what scikit-learn found on 90 points', () => {
  const { points, bestOf50StartsTol0 } = JSON.parse(
    readFileSync(new URL('../fixtures/scikit-learn.json', import.meta.url), 'utf8'),
  ) as Fixture;

  it.each(Object.entries(bestOf50StartsTol0))('k = %s: no more inertia', async (k, best) => {
    const [result] = await kmeansRange(Float64Array.from(points.flat()), 90, 3, [Number(k)]);
    expect(result!.inertia / best).toBeLessThanOrEqual(1 + 1e-9);
  });
});

// Needs the full data set: set TEST_DATA_DIR to the folder that holds reference.json.
describe.skipIf(!isThere)('kmeans and what scikit-learn found', () => {
  it.each(isThere ? cases() : [])(
    '%s: inertia at most 1.0005 times the best known',
    async (_, entries, read) => {
      const rows = read();
      const ks = Object.keys(entries).map(Number);
      const points = Float64Array.from(rows.flat());
      const results = await kmeansRange(points, rows.length, rows[0]!.length, ks, { threads: 0 });
      const ratios = results.map(({ k, inertia }) => {
        const entry = entries[k]!;
        return inertia / (entry.best_of_50_starts_tol0 ?? entry).inertia;
      });
      for (const [index, ratio] of ratios.entries()) {
        expect(ratio, `k = ${ks[index]}`).toBeLessThanOrEqual(1.0005);
      }
    },
  );
});
