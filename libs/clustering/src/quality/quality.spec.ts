import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Clustering, inertiaOf, meansOf } from '../kmeans/assignment.js';
import type { Points } from '../points.js';
import { adjustedRandIndex } from './adjusted-rand-index.js';
import { project } from './projection.js';
import { calinskiHarabasz, daviesBouldin, spreadOf } from './separation.js';
import { silhouettes } from './silhouette/silhouettes.js';
import { stability } from './stability.js';

/** Made with scikit-learn 1.2.1: points, labellings and what its metrics say of them. */
interface Fixture {
  points: number[][];
  cases: {
    k: number;
    labels: number[];
    silhouette: number;
    calinskiHarabasz: number;
    daviesBouldin: number;
    adjustedRandWithPrevious?: number;
  }[];
  projection: [number, number][];
}

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/scikit-learn.json', import.meta.url), 'utf8'),
) as Fixture;
const points: Points = {
  values: Float64Array.from(fixture.points.flat()),
  count: fixture.points.length,
  names: ['a', 'b', 'c'],
};
const clusteringOf = (labels: Uint8Array, k: number): Clustering => {
  const centroids = meansOf(points, labels, k);
  return { k, labels, centroids, inertia: inertiaOf(points, labels, centroids) };
};
const exact = { seed: 0, exactUpTo: 1000 };

describe('quality measures', () => {
  const clusterings = fixture.cases.map(({ labels, k }) => clusteringOf(Uint8Array.from(labels), k));

  it('equal scikit-learn on the same labels', async () => {
    const { values, sampled } = await silhouettes(points, clusterings, exact);
    expect(sampled).toBeNull();
    fixture.cases.forEach((expected, index) => {
      const clustering = clusterings[index] as Clustering;
      expect(values[index]).toBeCloseTo(expected.silhouette, 12);
      expect(calinskiHarabasz(points, clustering, spreadOf(points))).toBeCloseTo(
        expected.calinskiHarabasz,
        9,
      );
      expect(daviesBouldin(points, clustering)).toBeCloseTo(expected.daviesBouldin, 12);
      const previous = clusterings[index - 1] ?? clustering;
      expect(adjustedRandIndex(clustering.labels, previous.labels)).toBeCloseTo(
        expected.adjustedRandWithPrevious ?? 1,
        12,
      );
    });
  });

  it('projects as scikit-learn does, with positive largest loadings', () => {
    const plane = project(points);
    fixture.projection.forEach(([x, y], row) => {
      expect(plane[2 * row]).toBeCloseTo(x, 9);
      expect(plane[2 * row + 1]).toBeCloseTo(y, 9);
    });
  });

  it('projects a single feature onto a line', () => {
    const plane = project({ values: Float64Array.of(1, 2, 6), count: 3, names: ['a'] });
    expect(Array.from(plane)).toEqual([-2, 0, -1, 0, 3, 0]);
  });

  it('samples silhouettes above the size, the same for a seed, and says so', async () => {
    const options = { seed: 4, exactUpTo: 60 };
    const first = await silhouettes(points, clusterings, options);
    expect(first.sampled).toBe(60);
    expect(await silhouettes(points, clusterings, options)).toEqual(first);
    expect(first.values[1]).toBeCloseTo(fixture.cases[1]?.silhouette ?? 0, 1);
  });

  it('calls separated groups stable', async () => {
    const labels = Uint8Array.from({ length: 90 }, (_, row) => Math.floor(row / 30));
    const steady = await stability(points, clusteringOf(labels, 3), 0);
    expect(steady).toBeGreaterThan(0.9);
    expect(await stability(points, clusteringOf(labels, 3), 0)).toBe(steady);
  });

  // Up to 200 points the runs are those of ml-kmeans, beyond it the kernel's.
  it.each([199, 200, 201])('calls %i separated points stable', async (count) => {
    const labels = Uint8Array.from({ length: count }, (_, row) => row % 4);
    const values = Float64Array.from(labels, (label, row) => 100 * label + (row % 7));
    const line: Points = { values, count, names: ['a'] };
    const centroids = meansOf(line, labels, 4);
    const clustering = { k: 4, labels, centroids, inertia: inertiaOf(line, labels, centroids) };
    expect(await stability(line, clustering, 0)).toBe(1);
  });

  it('scores labellings that leave no choice as equal', () => {
    expect(adjustedRandIndex(Uint8Array.of(0, 0, 0), Uint8Array.of(1, 1, 1))).toBe(1);
    expect(adjustedRandIndex(Uint8Array.of(0, 1), Uint8Array.of(1, 0))).toBe(1);
  });
});
