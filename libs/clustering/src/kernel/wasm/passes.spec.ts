import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prepareCentre, prepareColumns, prepareRows } from '../centroids.js';
import { createMemory, layOut, type PointSet, tilesOf } from '../memory.js';
import { Random } from '../random.js';
import { Workspace } from '../workspace.js';
import { PASSES_SOURCE } from './module.js';

/** Not a multiple of a tile's points. */
const N = 150;
const TILES = tilesOf(N);

/** Random weighted rows, of which the first k are the centroids, in the memory and as arrays. */
function given(d: number, k: number) {
  const random = new Random(d, k);
  const rows = Array.from({ length: N }, () =>
    Array.from({ length: d }, () => Math.fround(random.nextFraction())),
  );
  const weights = rows.map(() => 1 + random.nextBelow(4));
  const layout = layOut(N, d, k, [], 1);
  const workspace = new Workspace(createMemory(layout), layout, 0);
  const set = layout.sets[0] as PointSet;
  rows.forEach((row, index) => {
    workspace.rowOf(index).set(row);
    const place = set.tiles / 4 + (index - (index % 4)) * d + (index % 4);
    row.forEach((value, column) => (workspace.floats[place + column * 4] = value));
  });
  workspace.floats.set(weights, set.weights / 4);
  workspace.centroids.view.set(rows.slice(0, k).flat());
  workspace.labels.view.fill(-1);
  workspace.slack.view.fill(-1);
  workspace.exactSlack.view.fill(-1);
  /** Squared distances of every row from every centroid. */
  const distances = rows.map((row) => rows.slice(0, k).map((centroid) => squared(row, centroid)));
  return { rows, weights, set, workspace, distances };
}

type Given = ReturnType<typeof given>;

const squared = (a: number[], b: number[]): number =>
  a.reduce((sum, value, column) => sum + (value - b[column]!) ** 2, 0);

const total = (values: number[], weights: number[]): number =>
  values.reduce((sum, value, row) => sum + value * weights[row]!, 0);

/** In single precision on tiles, and in double precision on rows without weights. */
const REASSIGNMENTS = {
  reassign({ workspace, set }: Given, k: number, used: number): number {
    const { passes, width, labels, slack, sums, sizes, former } = workspace;
    const { tiles, weights } = set;
    const prepared = prepareRows(workspace, k);
    const bounds = [labels.at, slack.at, used] as const;
    return passes.reassign(
      tiles,
      weights,
      0,
      TILES,
      width,
      prepared,
      k,
      ...bounds,
      sums.at,
      sizes.at,
      former,
    );
  },
  reassignExactly({ workspace }: Given, k: number, used: number): number {
    const { passes, rows, rowBytes, prepared, labels, exactSlack, sums, sizes } = workspace;
    const stride = prepareColumns(workspace, k);
    const bounds = [labels.at, exactSlack.at, used] as const;
    return passes.reassignExactly(rows, 0, N, rowBytes, prepared, stride, ...bounds, sums.at, sizes.at);
  },
};

describe('passes', () => {
  it('were compiled from passes.as as it is now', () => {
    const source = readFileSync(new URL('./passes.as', import.meta.url));
    expect(createHash('sha256').update(source).digest('hex')).toBe(PASSES_SOURCE);
  });

  describe.each(['reassign', 'reassignExactly'] as const)('%s', (name) => {
    const isExact = name === 'reassignExactly';
    const reassign = REASSIGNMENTS[name];

    it.each([1, 2, 3, 4, 5, 9].flatMap((d) => [1, 2, 3, 6, 7].map((k) => [d, k] as const)))(
      'gives points of %i columns to the nearest of %i centroids',
      (d, k) => {
        const all = given(d, k);
        const { workspace, rows, distances } = all;
        const { labels, sums, sizes } = workspace;
        const slack = isExact ? workspace.exactSlack.view : workspace.slack.view;
        const weights = isExact ? all.weights.map(() => 1) : all.weights;
        const digits = isExact ? 12 : 5;
        expect(reassign(all, k, 0)).toBe(N);
        for (const [row, each] of distances.entries()) {
          const [first, second = Infinity] = each.toSorted((a, b) => a - b);
          expect(labels.view[row]).toBe(each.indexOf(first!));
          expect(slack[row]).toBeCloseTo(Math.sqrt(second) - Math.sqrt(first!), digits);
        }
        for (let cluster = 0; cluster < k; cluster += 1) {
          const members = rows.map((_, row) => (labels.view[row] === cluster ? weights[row]! : 0));
          expect(sizes.view[cluster]).toBe(members.reduce((sum, weight) => sum + weight, 0));
          for (let column = 0; column < d; column += 1) {
            const values = rows.map((row) => row[column]!);
            expect(sums.view[cluster * d + column]).toBeCloseTo(total(values, members), 10);
          }
        }
      },
    );

    it('moves points from cluster to cluster', () => {
      const all = given(3, 4);
      reassign(all, 4, 0);
      const { labels, centroids, sums, sizes } = all.workspace;
      const before = labels.view.slice(0, N);
      const expected = sums.view.slice(0, 12);
      const sizesBefore = sizes.view.slice(0, 4);
      centroids.view.copyWithin(0, 3, 6);
      centroids.view.set(all.rows[9]!, 3);
      const moved = reassign(all, 4, 100);
      expect(moved).toBe(before.filter((label, row) => label !== labels.view[row]).length);
      expect(moved).toBeGreaterThan(0);
      all.rows.forEach((row, index) => {
        const weight = isExact ? 1 : all.weights[index]!;
        row.forEach((value, column) => {
          expected[before[index]! * 3 + column]! -= weight * value;
          expected[labels.view[index]! * 3 + column]! += weight * value;
        });
        sizesBefore[before[index]!]! -= weight;
        sizesBefore[labels.view[index]!]! += weight;
      });
      expected.forEach((sum, at) => expect(sums.view[at]).toBeCloseTo(sum, 10));
      expect(sizes.view.slice(0, 4)).toEqual(sizesBefore);
    });

    it('leaves points alone that have slack', () => {
      const all = given(3, 4);
      reassign(all, 4, 0);
      const before = all.workspace.labels.view.slice();
      all.workspace.centroids.view.reverse();
      expect(reassign(all, 4, 0)).toBe(0);
      expect(all.workspace.labels.view).toEqual(before);
    });
  });

  describe.each([1, 2, 3, 4, 5, 9])('in %i columns', (d) => {
    it('weigh what a new centroid would gain and an old one is worth', () => {
      const k = 4;
      const { workspace, weights, rows, distances, set } = given(d, k);
      const { passes, width, nearest, costs } = workspace;
      nearest.view.fill(Infinity);
      const first = distances.map((each) => each[0]!);
      const potentialOf = (row: number): number => {
        const centre = prepareCentre(workspace, Float64Array.from(rows[row]!));
        return passes.potential(set.tiles, set.weights, 0, TILES, width, centre, nearest.at);
      };
      expect(potentialOf(0) / total(first, weights)).toBeCloseTo(1, 6);
      passes.approach(
        set.tiles,
        0,
        TILES,
        width,
        prepareCentre(workspace, Float64Array.from(rows[0]!)),
        nearest.at,
      );
      for (const row of [1, 2]) {
        const lowered = distances.map((each) => Math.min(each[0]!, each[row]!));
        expect(potentialOf(row) / total(lowered, weights)).toBeCloseTo(1, 6);
      }
      costs.view.fill(0);
      const { tiles, weights: weightsAt } = set;
      const prepared = prepareRows(workspace, k);
      const places = [prepared, k, nearest.at, costs.at] as const;
      const sum = passes.addRemovalCosts(tiles, weightsAt, 0, TILES, width, ...places);
      const least = distances.map((each) => Math.min(...each));
      expect(sum / total(least, weights)).toBeCloseTo(1, 6);
      for (let cluster = 0; cluster < k; cluster += 1) {
        const without = distances.map((each) => Math.min(...each.filter((_, row) => row !== cluster)));
        expect(costs.view[cluster]).toBeCloseTo(total(without, weights) - total(least, weights), 4);
      }
    });

    it('add up clusters and their inertia', () => {
      const k = 3;
      const all = given(d, k);
      const { passes, rows, rowBytes, labels, centroids, sums, sizes } = all.workspace;
      REASSIGNMENTS.reassignExactly(all, k, 0);
      const expected = sums.view.slice();
      sums.view.fill(0);
      sizes.view.fill(0);
      passes.addUp(rows, 0, N, rowBytes, labels.at, sums.at, sizes.at);
      expect(sums.view).toEqual(expected);
      const least = all.distances.map((each) => Math.min(...each));
      expect(passes.inertia(rows, 0, N, rowBytes, centroids.at, labels.at)).toBeCloseTo(
        least.reduce((sum, value) => sum + value, 0),
        10,
      );
    });
  });

  it('draw a point in proportion to its weighted distance', () => {
    const { workspace, set } = given(2, 1);
    const { passes, nearest, floats } = workspace;
    nearest.view.fill(0);
    nearest.view.set([0, 2, 0, 0, 0, 1]);
    floats.set([1, 1, 1, 1, 1, 3], set.weights / 4);
    const drawn = [0, 1.99, 2, 4.9, 5].map((goal) => passes.locate(set.weights, nearest.at, TILES, goal));
    expect(drawn).toEqual([1, 1, 5, 5, 5]);
  });
});
