import { Problem } from '@app/problems';
import { kmeans as mlKMeans } from 'ml-kmeans';
import { describe, expect, it } from 'vitest';
import { kmeans, kmeansRange } from './kmeans.js';
import { Random } from './random.js';
import type { KMeansResult } from './types.js';

const here = { threads: 0 };

/** Rows around `centres`, in turn, with values uniform within ±spread. */
function around(centres: number[][], n: number, spread: number, seed = 1): number[][] {
  const random = new Random(seed);
  return Array.from({ length: n }, (_, row) =>
    centres[row % centres.length]!.map((value) => value + (2 * random.nextFraction() - 1) * spread),
  );
}

const run = (rows: number[][], k: number, options = {}): Promise<KMeansResult> =>
  kmeans(Float64Array.from(rows.flat()), rows.length, rows[0]!.length, k, { ...here, ...options });

const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, column) => sum + (value - b[column]!) ** 2, 0);

const centroidsOf = ({ centroids, k }: KMeansResult): Float64Array[] => {
  const d = centroids.length / k;
  return Array.from({ length: k }, (_, row) => centroids.slice(row * d, row * d + d));
};

const noise = (n: number, d: number, seed: number): number[][] =>
  around([Array.from({ length: d }, () => 0)], n, 1, seed);

describe('kmeans', () => {
  it.each([
    [60, 2, 3],
    [300, 3, 5],
    [800, 5, 8],
    [12_000, 4, 6],
  ])('ends at a local optimum: %i points of %i columns, k = %i', async (n, d, k) => {
    const rows = noise(n, d, n);
    const result = await run(rows, k);
    const centroids = centroidsOf(result);
    expect(result.converged).toBe(true);
    let inertia = 0;
    for (const [row, point] of rows.entries()) {
      const distances = centroids.map((centroid) => squared(point, centroid));
      const own = distances[result.labels[row]!]!;
      expect(own).toBeLessThanOrEqual(Math.min(...distances) * (1 + 1e-9));
      inertia += own;
    }
    expect(result.inertia / inertia).toBeCloseTo(1, 9);
    for (const [cluster, centroid] of centroids.entries()) {
      const members = rows.filter((_, row) => result.labels[row] === cluster);
      for (const [column, value] of centroid.entries()) {
        const mean = members.reduce((sum, member) => sum + member[column]!, 0) / members.length;
        expect(value).toBeCloseTo(mean, 9);
      }
    }
  });

  it('is never worse than ml-kmeans with twenty starts', async () => {
    for (const [n, d, k] of [
      [80, 2, 4],
      [150, 3, 6],
      [250, 4, 5],
    ] as const) {
      const rows = noise(n, d, k);
      const theirs = Array.from({ length: 20 }, (_, seed) => {
        const { clusters, centroids } = mlKMeans(rows, k, { seed, initialization: 'kmeans++' });
        return rows.reduce((sum, row, index) => sum + squared(row, centroids[clusters[index]!]!), 0);
      });
      const { inertia } = await run(rows, k);
      expect(inertia).toBeLessThanOrEqual(Math.min(...theirs) * (1 + 1e-9));
    }
  });

  it('gives byte-equal results for equal seeds, whatever other k are asked for', async () => {
    const rows = noise(12_000, 3, 5);
    const points = Float64Array.from(rows.flat());
    const [four, , six] = await kmeansRange(points, 12_000, 3, [4, 5, 6], { ...here, seed: 9 });
    expect(await kmeans(points, 12_000, 3, 6, { ...here, seed: 9 })).toEqual(six);
    expect(await kmeans(points, 12_000, 3, 4, { ...here, seed: 9 })).toEqual(four);
  });

  it('orders clusters by falling size', async () => {
    const rows = [...around([[0, 0]], 20, 1), ...around([[50, 0]], 40, 1), ...around([[0, 50]], 30, 1)];
    const { labels } = await run(rows, 3);
    expect(Array.from(labels)).toEqual(
      rows.map((_, row) => {
        if (row < 20) return 2;
        return row < 60 ? 0 : 1;
      }),
    );
  });

  it('makes one cluster of everything and one of each point', async () => {
    const rows = noise(30, 3, 2);
    const whole = await run(rows, 1);
    expect(new Set(whole.labels)).toEqual(new Set([0]));
    const single = await run(rows, 30);
    expect(single.inertia).toBeLessThan(1e-20);
    expect(new Set(single.labels).size).toBe(30);
    expect((await run([[4, 2]], 1)).centroids).toEqual(Float64Array.of(4, 2));
  });

  it('takes constant and duplicate columns', async () => {
    const rows = around([[0], [10], [20]], 90, 1).map(([value]) => [value!, 7, value!]);
    const { labels, centroids } = await run(rows, 3);
    expect(centroids.filter((_, at) => at % 3 === 1)).toEqual(Float64Array.of(7, 7, 7));
    rows.forEach((_, row) => expect(labels[row]).toBe(labels[row % 3]));
  });

  it('leaves no cluster empty where points repeat', async () => {
    const distinct = [
      [0, 0],
      [0, 1],
      [100, 0],
      [100, 1],
      [50, 900],
    ];
    const rows = Array.from({ length: 500 }, (_, row) => distinct[row < 400 ? row % 2 : row % 5]!);
    const { inertia, labels } = await run(rows, 5);
    expect(inertia).toBeLessThan(1e-9);
    expect(new Set(labels).size).toBe(5);
  });

  it('finds the few points far out among many', async () => {
    const rows = noise(30_000, 3, 3);
    const far = [
      [400, 400, 0],
      [400, -400, 0],
      [-400, 0, 300],
    ];
    far.forEach((point, index) => {
      rows[9_000 * (index + 1)] = point;
      rows[9_000 * (index + 1) + 1] = point;
    });
    const { centroids } = await run(rows, 4);
    for (const point of far) {
      expect(centroidsOf({ centroids, k: 4 } as KMeansResult).some((row) => squared(row, point) < 1)).toBe(
        true,
      );
    }
  });

  it('is not disturbed by large offsets, nor by very large and very small units', async () => {
    const rows = around(
      [
        [0, 0],
        [9, 0],
        [0, 9],
      ],
      300,
      1,
    );
    const { labels } = await run(rows, 3);
    for (const rewrite of [
      (value: number) => value + 1.7e12,
      (value: number) => value * 1e200,
      (value: number) => value * 1e-200,
    ]) {
      expect(
        (
          await run(
            rows.map((row) => row.map(rewrite)),
            3,
          )
        ).labels,
      ).toEqual(labels);
    }
  });

  it('refuses what is not a number by row and column', async () => {
    for (const [value, name] of [
      [NaN, 'NaN'],
      [-Infinity, '-Infinity'],
    ] as const) {
      const rows = noise(10, 2, 1);
      rows[4]![1] = value;
      await expect(run(rows, 2)).rejects.toThrow(Problem);
      await expect(run(rows, 2)).rejects.toThrow(`Row 4, column 1 is ${name}, not a finite number.`);
    }
  });

  it('refuses fewer distinct points than clusters', async () => {
    const rows = [[1, 1], [2, 2], ...Array.from({ length: 50 }, () => [1, 1])];
    await expect(run(rows, 3)).rejects.toThrow('2 distinct points cannot form 3 clusters.');
    await expect(run(rows, 3)).rejects.toThrow(Problem);
  });

  it.each([
    ['k', 0, {}],
    ['k', 1.5, {}],
    ['seed', 2, { seed: -1 }],
    ['starts', 2, { starts: 0 }],
    ['threads', 2, { threads: -1 }],
    ['tolerance', 2, { tolerance: NaN }],
  ])('refuses %s out of range', async (_, k, options) => {
    await expect(run(noise(10, 2, 1), k, options)).rejects.toThrow(RangeError);
  });

  it('refuses points of another length than said', async () => {
    await expect(kmeans(new Float64Array(7), 4, 2, 2, here)).rejects.toThrow(RangeError);
  });

  it('ends when aborted, before and while it computes', async () => {
    const reason = new Error('no longer wanted');
    await expect(run(noise(50, 2, 1), 2, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const points = Float64Array.from(noise(20_000, 4, 1).flat());
    const unwanted = kmeansRange(
      points,
      20_000,
      4,
      [8, 9],
      { ...here, signal: controller.signal },
      ({ done }) => done === 3 && controller.abort(reason),
    );
    await expect(unwanted).rejects.toBe(reason);
  });

  it('reports progress up to the end', async () => {
    const steps: [number, number][] = [];
    const points = Float64Array.from(noise(100, 2, 1).flat());
    await kmeansRange(points, 100, 2, [2, 3], here, ({ done, total }) => steps.push([done, total]));
    const total = steps[0]![1];
    expect(steps).toEqual(Array.from({ length: total }, (_, index) => [index + 1, total]));
  });
});
