import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedRandIndex } from '../quality/adjusted-rand-index.js';
import { kmeans } from './kmeans.js';
import { Random } from './random.js';
import type { KMeansResult } from './types.js';

const run = (rows: number[][], k: number): Promise<KMeansResult> =>
  kmeans(Float64Array.from(rows.flat()), rows.length, rows[0]!.length, k, { threads: 0 });

const agreement = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  adjustedRandIndex(Uint8Array.from(a), Uint8Array.from(b));

/** Nearly normal: the sum of twelve uniform values less six. */
const normal = (random: Random): number =>
  Array.from({ length: 12 }, () => random.nextFraction()).reduce((sum, value) => sum + value, -6);

interface Groups {
  rows: number[][];
  labels: number[];
}

/** `k` groups of standard deviation 1 whose centres are at least `apart` from each other. */
function groups(n: number, d: number, k: number, apart: number, seed: number): Groups {
  const random = new Random(seed, 17);
  const centres: number[][] = [];
  for (let width = apart * k; centres.length < k; width *= 1.01) {
    const centre = Array.from({ length: d }, () => random.nextFraction() * width);
    if (centres.every((other) => Math.hypot(...other.map((v, column) => v - centre[column]!)) >= apart)) {
      centres.push(centre);
    }
  }
  // Groups of unequal size, none below half of the even share.
  const labels = Array.from({ length: n }, (_, row) => (row < n / 2 ? row % k : random.nextBelow(k)));
  return { labels, rows: labels.map((label) => centres[label]!.map((value) => value + normal(random))) };
}

const standardised = (rows: number[][]): number[][] => {
  const columns = rows[0]!.map((_, column) => rows.map((row) => row[column]!));
  const scales = columns.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      mean,
      sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
    };
  });
  return rows.map((row) => row.map((value, column) => (value - scales[column]!.mean) / scales[column]!.sd));
};

const shuffled = (length: number, seed: number): number[] => {
  const random = new Random(seed);
  const order = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index -= 1) {
    const other = random.nextBelow(index + 1);
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
};

/** What must not change the answer: rewritten rows, and where each of them was before. */
const REWRITES: Record<string, (rows: number[][], seed: number) => { rows: number[][]; from: number[] }> = {
  'permuted rows': (rows, seed) => {
    const from = shuffled(rows.length, seed);
    return { rows: from.map((row) => rows[row]!), from };
  },
  'permuted features': (rows, seed) => {
    const columns = shuffled(rows[0]!.length, seed);
    return { rows: rows.map((row) => columns.map((column) => row[column]!)), from: [...rows.keys()] };
  },
  'scaled features, then standardised': (rows, seed) => {
    const random = new Random(seed);
    const scales = rows[0]!.map(() => 10 ** (6 * random.nextFraction() - 3));
    const scaled = rows.map((row) => row.map((value, column) => value * scales[column]!));
    return { rows: standardised(scaled), from: [...rows.keys()] };
  },
  'every point twice': (rows) => ({ rows: [...rows, ...rows], from: [...rows.keys(), ...rows.keys()] }),
};

describe('kmeans on synthetic sets', () => {
  it.each(Array.from({ length: 20 }, (_, set) => set))(
    'finds the groups of set %i (ARI ≥ 0.95)',
    async (set) => {
      const k = 2 + (set % 9);
      const { rows, labels } = groups(set % 4 === 3 ? 15_000 : 400 + 100 * set, 2 + (set % 5), k, 6, set);
      const result = await run(rows, k);
      expect(agreement(result.labels, labels)).toBeGreaterThanOrEqual(0.95);
    },
  );
});

describe.each(Object.entries(REWRITES))('kmeans with %s', (name, rewrite) => {
  const base = name.endsWith('standardised') ? standardised : (rows: number[][]) => rows;

  it('keeps well-separated groups together (ARI ≥ 0.99)', async () => {
    const sets = fc.record({
      n: fc.integer({ min: 100, max: 1_500 }),
      d: fc.integer({ min: 2, max: 6 }),
      k: fc.integer({ min: 2, max: 8 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(sets, async ({ n, d, k, seed }) => {
        const rows = base(groups(n, d, k, 12, seed).rows);
        const rewritten = rewrite(rows, seed);
        const before = await run(rows, k);
        const after = await run(rewritten.rows, k);
        const expected = rewritten.from.map((row) => before.labels[row]!);
        expect(agreement(after.labels, expected)).toBeGreaterThanOrEqual(0.99);
      }),
      { numRuns: 15 },
    );
  });

  it('keeps the inertia of any set within 0.05 %', async () => {
    const coordinate = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 1_000);
    const sets = fc
      .record({ d: fc.integer({ min: 1, max: 4 }), k: fc.integer({ min: 2, max: 6 }) })
      .chain(({ d, k }) =>
        fc.record({
          k: fc.constant(k),
          rows: fc.uniqueArray(fc.array(coordinate, { minLength: d, maxLength: d }), {
            minLength: k + 2,
            maxLength: 150,
            selector: String,
          }),
          seed: fc.nat(),
        }),
      );
    await fc.assert(
      fc.asyncProperty(sets, async ({ rows: raw, k, seed }) => {
        const rows = base(raw);
        fc.pre(rows.flat().every(Number.isFinite));
        const rewritten = rewrite(rows, seed);
        const before = await run(rows, k);
        const after = await run(rewritten.rows, k);
        const expected = (before.inertia * rewritten.rows.length) / rows.length;
        expect(Math.abs(after.inertia - expected)).toBeLessThanOrEqual(0.0005 * expected + 1e-12);
      }),
      { numRuns: 40 },
    );
  });
});
