import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Points } from '../../points.js';
import { createRandom } from '../../random.js';
import { cellsOf, type Labelling } from './cells.js';
import { DISTANCES_SOURCE } from './module.js';
import { silhouettes } from './silhouettes.js';

const random = createRandom(7);
const pointsOf = (count: number, features: number): Points => ({
  values: Float64Array.from({ length: count * features }, () => random() * 10 - 3),
  count,
  names: Array.from({ length: features }, (_, index) => `f${index}`),
});
const labelling = (count: number, k: number): Labelling => ({
  k,
  labels: Uint8Array.from({ length: count }, (_, row) => (row < k ? row : Math.floor(random() * k))),
});

/** As Rousseeuw defines it, point by point. */
function byDefinition({ values, count, names }: Points, { k, labels }: Labelling): number {
  const width = names.length;
  const row = (at: number): Float64Array => values.subarray(at * width, (at + 1) * width);
  let total = 0;
  for (let one = 0; one < count; one++) {
    const sums = new Float64Array(k);
    const sizes = new Int32Array(k);
    for (let other = 0; other < count; other++) {
      const label = labels[other]!;
      sums[label]! += Math.hypot(...row(one).map((value, at) => value - row(other)[at]!));
      sizes[label]! += 1;
    }
    const own = labels[one]!;
    if (sizes[own] === 1) continue;
    const a = sums[own]! / (sizes[own]! - 1);
    const b = Math.min(...Array.from(sums, (sum, label) => (label === own ? Infinity : sum / sizes[label]!)));
    total += (b - a) / Math.max(a, b);
  }
  return total / count;
}

describe('silhouettes', () => {
  it.each([
    [2, 1, [2]],
    [129, 1, [2, 3]],
    [257, 3, [2, 5, 9]],
    [300, 7, [2, 20]],
  ])(
    'of %i points with %i features are those of the definition, for every k at once',
    async (count, features, ks) => {
      const points = pointsOf(count, features);
      const labellings = ks.map((k) => labelling(count, k));
      const { values, sampled } = await silhouettes(points, labellings, { seed: 0, exactUpTo: 300 });
      expect(sampled).toBeNull();
      labellings.forEach((each, index) => expect(values[index]).toBeCloseTo(byDefinition(points, each), 12));
    },
  );

  it('are exact up to the size given and of a sample from one point more on', async () => {
    const points = pointsOf(301, 2);
    const labellings = [labelling(301, 3)];
    expect((await silhouettes(points, labellings, { seed: 0, exactUpTo: 301 })).sampled).toBeNull();
    expect((await silhouettes(points, labellings, { seed: 0, exactUpTo: 302 })).sampled).toBeNull();
    expect((await silhouettes(points, labellings, { seed: 0, exactUpTo: 300 })).sampled).toBe(300);
  });

  it('end when aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const points = pointsOf(12_000, 2);
    const running = silhouettes(points, [labelling(12_000, 3)], {
      seed: 0,
      exactUpTo: 12_000,
      threads: 1,
      signal: controller.signal,
    });
    setImmediate(() => controller.abort(reason));
    await expect(running).rejects.toBe(reason);
  });

  it('sum up over points that no labelling tells apart', () => {
    const { rows, starts, labels } = cellsOf(5, [
      { k: 2, labels: Uint8Array.of(0, 1, 0, 1, 0) },
      { k: 3, labels: Uint8Array.of(2, 1, 2, 0, 2) },
    ]);
    expect([...rows]).toEqual([0, 2, 4, 1, 3]);
    expect([...starts]).toEqual([0, 3, 4, 5]);
    expect(labels.map((each) => [...each])).toEqual([
      [0, 1, 1],
      [2, 1, 0],
    ]);
  });

  it('come from the module that distances.as compiles to', () => {
    const source = readFileSync(new URL('./distances.as', import.meta.url));
    expect(createHash('sha256').update(source).digest('hex')).toBe(DISTANCES_SOURCE);
  });
});
