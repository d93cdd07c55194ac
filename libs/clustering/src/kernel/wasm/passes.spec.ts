import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transposeCentroids } from '../centroids.js';
import { createMemory, layOut, type PointSet, Workspace } from '../memory.js';
import { Random } from '../random.js';
import { PASSES_SOURCE } from './module.js';

const N = 150;

interface Given {
  rows: number[][];
  weights: number[];
  points: PointSet;
  workspace: Workspace;
  /** Squared distances of every row from every centroid. */
  distances: number[][];
}

const squared = (a: number[], b: number[]): number =>
  a.reduce((sum, value, column) => sum + (value - b[column]!) ** 2, 0);

/** Random weighted rows; the first k of them are the centroids. */
function given(d: number, k: number): Given {
  const random = new Random(d, k);
  const rows = Array.from({ length: N }, () => Array.from({ length: d }, () => random.nextFraction()));
  const weights = rows.map(() => 1 + random.nextBelow(4));
  const layout = layOut(N, d, k, [N], 1);
  const workspace = new Workspace(createMemory(layout), layout, layout.workspaces[0]!);
  const points = layout.sets[0]!;
  workspace.values.set(rows.flat(), points.at / 8);
  workspace.values.set(weights, points.weights / 8);
  workspace.centroids.view.set(rows.slice(0, k).flat());
  const distances = rows.map((row) => rows.slice(0, k).map((centroid) => squared(row, centroid)));
  return { rows, weights, points, workspace, distances };
}

const assign = ({ workspace, points }: Given, k: number): void => {
  const { passes, bytes, transposed, labels, lower, slack, sums, sizes } = workspace;
  const stride = transposeCentroids(workspace, k);
  const { at, weights } = points;
  const results = [labels.at, lower.at, slack.at, sums.at, sizes.at] as const;
  passes.assign(at, weights, 0, N, bytes, transposed.at, stride, ...results);
};

const total = (values: number[], weights: number[]): number =>
  values.reduce((sum, value, row) => sum + value * weights[row]!, 0);

describe('passes', () => {
  it('were compiled from passes.as as it is now', () => {
    const source = readFileSync(new URL('./passes.as', import.meta.url));
    expect(createHash('sha256').update(source).digest('hex')).toBe(PASSES_SOURCE);
  });

  describe.each([1, 2, 3, 4, 5, 8, 9])('in %i columns', (d) => {
    it.each([1, 2, 3, 6, 7])('find the nearest and the second nearest of %i centroids', (k) => {
      const { workspace, weights, rows, distances, points } = given(d, k);
      assign({ workspace, weights, rows, distances, points }, k);
      for (const [row, each] of distances.entries()) {
        const [first, second = Infinity] = each.toSorted((a, b) => a - b);
        expect(workspace.labels.view[row]).toBe(each.indexOf(first!));
        expect(workspace.lower.view[row]).toBeCloseTo(Math.sqrt(second), 12);
        expect(workspace.slack.view[row]).toBeCloseTo(Math.sqrt(second) - Math.sqrt(first!), 12);
      }
      for (let cluster = 0; cluster < k; cluster += 1) {
        const members = rows.map((_, row) => (workspace.labels.view[row] === cluster ? weights[row]! : 0));
        expect(workspace.sizes.view[cluster]).toBe(members.reduce((sum, weight) => sum + weight, 0));
        for (let column = 0; column < d; column += 1) {
          const values = rows.map((row) => row[column]!);
          expect(workspace.sums.view[cluster * d + column]).toBeCloseTo(total(values, members), 10);
        }
      }
    });

    it('weigh what a new centroid would gain and an old one is worth', () => {
      const k = 4;
      const { workspace, weights, rows, distances, points } = given(d, k);
      const { passes, bytes, centroids, nearest, pair, potentials, costs, transposed } = workspace;
      nearest.view.fill(Infinity);
      const first = distances.map((each) => each[0]!);
      expect(passes.approach(points.at, points.weights, 0, N, bytes, centroids.at, nearest.at)).toBeCloseTo(
        total(first, weights),
        10,
      );
      for (const [column, value] of rows[1]!.entries()) {
        pair.view[2 * column] = value;
        pair.view[2 * column + 1] = rows[2]![column]!;
      }
      potentials.view.fill(0);
      const { at, weights: weightsAt } = points;
      passes.addPotentials(at, weightsAt, 0, N, bytes, pair.at, 16, nearest.at, potentials.at);
      for (const lane of [0, 1]) {
        const lowered = distances.map((each) => Math.min(each[0]!, each[1 + lane]!));
        expect(potentials.view[lane]).toBeCloseTo(total(lowered, weights), 10);
      }
      costs.view.fill(0);
      const stride = transposeCentroids(workspace, k);
      passes.addRemovalCosts(at, weightsAt, 0, N, bytes, transposed.at, stride, nearest.at, costs.at);
      for (let cluster = 0; cluster < k; cluster += 1) {
        const without = distances.map((each) => Math.min(...each.filter((_, row) => row !== cluster)));
        const least = distances.map((each) => Math.min(...each));
        expect(costs.view[cluster]).toBeCloseTo(total(without, weights) - total(least, weights), 10);
      }
    });
  });

  it('draw a point in proportion to its weighted distance', () => {
    const { workspace, points } = given(2, 1);
    const { passes, nearest, values } = workspace;
    nearest.view.fill(0);
    nearest.view.set([0, 2, 0, 1]);
    values.set([1, 1, 1, 3], points.weights / 8);
    const drawn = [0, 1.99, 2, 4.9, 5].map((goal) => passes.locate(points.weights, nearest.at, N, goal));
    expect(drawn).toEqual([1, 1, 3, 3, 3]);
  });
});
